import { Button, Group } from "@mantine/core";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { useActions, useApp } from "../use-app.ts";

/** Asks for memory and time before the start, and shows how far that is. */
export function EstimateRow({ blocked }: { blocked: boolean }) {
  const { progress, problem } = useApp((app) => app.estimate);
  const { estimateRun, stopEstimate, dismissEstimate } = useActions();
  if (progress) {
    return (
      <Group gap="xs" wrap="nowrap" align="end" mb="md">
        <div style={{ flex: 1 }}>
          <ProgressLine progress={progress} />
        </div>
        <Button size="compact-xs" variant="default" onClick={() => void stopEstimate()}>
          Stop
        </Button>
      </Group>
    );
  }
  return (
    <div style={{ marginBottom: 16 }}>
      <Button
        size="compact-sm"
        variant="default"
        disabled={blocked}
        title={
          blocked
            ? "First correct what keeps a run from starting."
            : "Predicts memory and times a few steps on a copy of the model."
        }
        onClick={() => void estimateRun()}
      >
        Estimate memory and time
      </Button>
      {problem && <ProblemNote problem={problem} onDismiss={dismissEstimate} />}
    </div>
  );
}
