import { useCallback, useMemo } from "react";
import type { RowScores } from "../../../metrics/row-scores.ts";
import { classCalibration } from "../../../tasks/single-label/calibration.ts";
import type { Results } from "../../../workers/protocol.ts";
import { RankingCurves } from "../classes/RankingCurves.tsx";
import { Reliability } from "./Reliability.tsx";

/** Calibration and curves; nothing where not all probabilities of a row are kept. */
export function ClassFigures({ results: { truth, scores, labelNames } }: { results: Results }) {
  const own = scores as RowScores;
  const calibration = useMemo(() => classCalibration(truth, own), [truth, own]);
  const rowsOf = useCallback(
    (label: number) => ({
      truth: Array.from(own.predicted, (_, row) => Number(truth.labels[row] === label)),
      scores: Array.from(own.predicted, (_, row) => own.probabilities[row * own.kept + label] ?? NaN),
    }),
    [truth, own],
  );
  if (!calibration) return null;
  return (
    <>
      <Reliability calibration={calibration} />
      <RankingCurves labelNames={labelNames} rowsOf={rowsOf} />
    </>
  );
}
