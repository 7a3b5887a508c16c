import { Button, Group, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { rateCurveText } from "../../advice/rate-curve-text.ts";
import { blockers } from "../blockers.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { useActions, useApp } from "../use-app.ts";
import { plainNumber } from "../../recipe/wording.ts";

const RateCurvePlot = lazy(() =>
  import("./RateCurvePlot.tsx").then(({ RateCurvePlot }) => ({ default: RateCurvePlot })),
);

/** A short sweep over learning rates on a copy of the model, its curve, and the rate that it suggests. */
export function RateFinder({ locked }: { locked: boolean }) {
  const { curve, progress, problem } = useApp((app) => app.rateSearch);
  const isBlocked = useApp((app) => blockers(app).length > 0);
  const { findRate, stopRateSearch, dismissRateSearch, setRecipe } = useActions();
  if (progress) {
    return (
      <Group gap="xs" wrap="nowrap" align="end">
        <div style={{ flex: 1 }}>
          <ProgressLine progress={progress} />
        </div>
        <Button size="compact-xs" variant="default" onClick={() => void stopRateSearch()}>
          Stop
        </Button>
      </Group>
    );
  }
  return (
    <div>
      <Button
        size="compact-xs"
        variant="default"
        disabled={locked || isBlocked}
        title={
          isBlocked
            ? "First correct what keeps a run from starting."
            : "Tries rates from 1e-6 to 0.1 on a copy of the model."
        }
        onClick={() => void findRate()}
      >
        Find a rate
      </Button>
      {problem && <ProblemNote problem={problem} onDismiss={dismissRateSearch} />}
      {curve && (
        <>
          <Suspense fallback={<div style={{ height: 160 }} />}>
            <RateCurvePlot curve={curve} />
          </Suspense>
          <Text size="xs" role="status">
            {rateCurveText(curve)}
          </Text>
          <Group gap="xs" mt={4}>
            {curve.suggestion !== null && (
              <Button
                size="compact-xs"
                disabled={locked}
                onClick={() => curve.suggestion !== null && void setRecipe({ learningRate: curve.suggestion })}
              >
                Use {plainNumber(curve.suggestion)}
              </Button>
            )}
            <Button size="compact-xs" variant="default" onClick={dismissRateSearch}>
              Close
            </Button>
          </Group>
        </>
      )}
    </div>
  );
}
