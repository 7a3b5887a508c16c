import { Alert, Button, Code, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { ProblemReport } from "../workers/protocol.ts";
import { Icon } from "./Icon.tsx";

/** An error message: cause, expectation and remedy in sentences, with details to unfold and to copy. */
export function ProblemNote({ problem, onDismiss }: { problem: ProblemReport; onDismiss?: () => void }) {
  const [copied, setCopied] = useState(false);
  const { found, expected, remedy, details } = problem;
  const copy = async () => {
    await navigator.clipboard.writeText(`${[found, expected, remedy].filter(Boolean).join(" ")}\n${details}`);
    setCopied(true);
  };
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<Icon name="warning" />}
      title={found}
      withCloseButton={onDismiss !== undefined}
      onClose={onDismiss}
      closeButtonLabel="Dismiss"
      styles={{
        root: { background: "light-dark(#fff1f0, #33201f)", borderColor: "light-dark(#f1b5b1, #6e3733)" },
        title: { color: "light-dark(#a51111, #ffa8a8)" },
        icon: { color: "light-dark(#a51111, #ffa8a8)" },
        message: { color: "inherit" },
      }}
    >
      {expected && <Text size="sm">{expected}</Text>}
      <Text size="sm" fw={600}>
        {remedy}
      </Text>
      {details && (
        <details>
          <summary>Details</summary>
          <Code block mt={4} style={{ maxHeight: 180, overflow: "auto", whiteSpace: "pre-wrap" }}>
            {details}
          </Code>
          <Group mt={4}>
            <Button size="compact-xs" variant="default" onClick={() => void copy()}>
              {copied ? "Copied" : "Copy"}
            </Button>
          </Group>
        </details>
      )}
    </Alert>
  );
}
