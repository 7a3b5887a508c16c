import { useCallback, useMemo } from "react";
import type { RowScores } from "../../../metrics/row-scores.ts";
import { classCalibration } from "../../../tasks/single-label/calibration.ts";
import type { Results } from "../../../workers/protocol.ts";
import { RankingCurves } from "../classes/RankingCurves.tsx";
import type { Selectable } from "../panels.ts";
import { Reliability } from "./Reliability.tsx";

/** Calibration and curves; nothing where not all probabilities of a row are kept. */
export function ClassFigures({ results, selectable }: { results: Results; selectable?: Selectable }) {
  const { truth, scores, labelNames } = results;
  const own = scores as RowScores;
  const binned = selectable?.results ?? results;
  const calibration = useMemo(() => classCalibration(binned.truth, binned.scores as RowScores), [binned]);
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
      <Reliability calibration={calibration} {...(selectable && { selectable })} />
      <RankingCurves labelNames={labelNames} rowsOf={rowsOf} />
    </>
  );
}
