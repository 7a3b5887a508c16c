import { SegmentedControl } from "@mantine/core";
import { lastStep } from "../run-weights.ts";
import type { RunState } from "../state.ts";
import { wholeText } from "./figures.ts";
import type { Weights } from "./use-results.ts";

interface WeightsChoiceProps {
  run: RunState;
  weights: Weights;
  onChoose: (weights: Weights) => void;
}

/** Best or last weights of a run, each with its step. */
export function WeightsChoice({ run, weights, onChoose }: WeightsChoiceProps) {
  const step = (value: number | undefined) => (value === undefined ? "" : ` (step ${wholeText(value)})`);
  return (
    <SegmentedControl
      aria-label="Weights"
      value={weights}
      onChange={(value) => onChoose(value === "last" ? "last" : "best")}
      data={[
        { value: "best", label: `Best${step(run.best?.step)}` },
        { value: "last", label: `Last${step(lastStep(run))}` },
      ]}
    />
  );
}
