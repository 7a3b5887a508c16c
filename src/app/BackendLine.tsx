import { Group, NativeSelect, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { BackendChoice, BackendInfo } from "../workers/protocol.ts";
import { guessBackend } from "./guess-backend.ts";
import { ProblemNote } from "./ProblemNote.tsx";
import { isActive } from "./state.ts";
import { TuningLine } from "./TuningLine.tsx";
import { useActions, useApp } from "./use-app.ts";

const names: Record<BackendInfo["backend"], string> = { webgpu: "WebGPU", wasm: "Processor", cpu: "Plain JavaScript" };

const choices: { value: BackendChoice; label: string }[] = [
  { value: "auto", label: "Automatic" },
  { value: "webgpu", label: "WebGPU" },
  { value: "wasm", label: "Processor (wasm)" },
  { value: "cpu", label: "Plain JavaScript (cpu)" },
];

/** Where the training runs and why, with the field that overrides the choice. */
export function BackendLine() {
  const { choice, info, busy, problem } = useApp(({ backend }) => backend);
  const active = useApp(({ run }) => isActive(run.status));
  const { chooseBackend, dismissBackendProblem } = useActions();
  const guess = useGuess();
  const line = info ? `${names[info.backend]} · ${info.adapter}` : guess;
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="start">
        <div role="status">
          <Text size="sm">{busy ? "Starting the backend" : line}</Text>
          <Text size="xs" c="var(--quiet)">
            {info?.reason ?? ""}
          </Text>
        </div>
        <NativeSelect
          size="xs"
          aria-label="Backend"
          style={{ flex: "none" }}
          value={choice}
          disabled={active || busy}
          data={choices}
          onChange={(event) => {
            const chosen = choices.find(({ value }) => value === event.currentTarget.value);
            if (chosen) void chooseBackend(chosen.value);
          }}
        />
      </Group>
      <TuningLine />
      {problem && <ProblemNote problem={problem} onDismiss={dismissBackendProblem} />}
    </div>
  );
}

function useGuess(): string {
  const [guess, setGuess] = useState("Looking for a GPU");
  useEffect(() => {
    let shown = true;
    void guessBackend().then((text) => {
      if (shown) setGuess(text);
    });
    return () => {
      shown = false;
    };
  }, []);
  return guess;
}
