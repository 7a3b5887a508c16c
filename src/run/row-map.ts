import { createRandom, shuffledIndices } from "../data/random.ts";
import { takeLabels, type RowLabels } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { textLabels } from "../data/windows.ts";
import { principalComponents } from "../insight/map/principal-components.ts";
import { rowNames, type RowMap } from "../insight/map/row-map.ts";
import type { Classifier } from "../model/classifier.ts";
import { Problem } from "../problem/problem.ts";
import type { AnyScores, TrainedTask } from "../tasks/task.ts";
import { scoreRows } from "../train/evaluate.ts";
import { capacityOf } from "./score.ts";
import { vectorsOfMany } from "./text-vectors.ts";

/** Rows that a map shows at most; of more a sample is drawn. */
export const MOST_MAPPED = 20_000;
/** Components of the vectors that are kept, of which UMAP lays rows out; the map by PCA is the first two. */
const KEPT_COMPONENTS = 30;

/** Which rows are mapped, and how. */
export interface MapOptions {
  /** Rows at the end that are not mapped, such as changed copies. */
  leaveOut?: number;
  /** What was said of the rows at `places`, or of all, where they were scored already; else they are scored. */
  scored?: { truth: RowLabels; scores: AnyScores; places?: Int32Array | undefined };
  /** The seed of the sample. */
  seed: number;
  most?: number;
  /** Called with what is done and how far it is; on false nothing more is done. */
  onProgress?: ((what: string, done: number, total: number) => boolean) | undefined;
}

/**
 * Maps labelled rows: their vectors, as `textVectors` has them, reduced to principal components. Null where it was
 * stopped.
 *
 * @throws {Problem} where the task says of no row how it came out, or the vectors are not finite
 */
export async function mapRows(
  model: Classifier,
  task: TrainedTask,
  data: EncodedDataset,
  labelNames: readonly string[],
  { leaveOut = 0, scored, seed, most = MOST_MAPPED, onProgress = () => true }: MapOptions,
): Promise<RowMap | null> {
  const all = textLabels(data);
  const of = data.textStart ? data.textStart.length - 1 : data.rowStart.length - 1;
  const known = scored?.places ?? Int32Array.from({ length: of - leaveOut }, (_, row) => row);
  const chosen = sample(known.length, most, seed);
  const places = chosen.map((place) => known[place] ?? 0);
  const capacity = capacityOf(data);
  const total = places.length;
  const found =
    scored ??
    (await scoreRows(model, { task, data, rows: places, labelNames, keeps: true }, capacity, (done) =>
      onProgress("Scoring rows", done, total),
    ));
  if (!found) return null;
  const truth = scored ? scored.truth : takeLabels(all, places);
  const own = found.scores && task.rowOutcomes?.(truth, found.scores, labelNames);
  if (!own) throw notMapped(task);
  const vectors = await vectorsOfMany(model, task, data, {
    texts: places,
    onProgress: (done) => onProgress("Computing vectors", done, total),
  });
  if (!vectors) return null;
  if (!vectors.values.every(Number.isFinite)) throw notFinite();
  const { scores, components, variances, totalVariance } = principalComponents(
    vectors.values,
    vectors.width,
    KEPT_COMPONENTS,
    { exact: 2, seed, onProgress: (done) => void onProgress("Finding the axes", done, total) },
  );
  // Rows that were scored before are all of `known`; those that are scored here are the chosen ones.
  const rowsOf = scored ? chosen : Int32Array.from(chosen, (_, row) => row);
  const picked = (values: Float64Array) => Float64Array.from(rowsOf, (row) => values[row] ?? NaN);
  const share = (k: number) => (totalVariance > 0 ? (variances[k] ?? 0) / totalVariance : 0);
  return {
    places,
    of: of - leaveOut,
    components: scores,
    width: components,
    explained: [share(0), share(1)],
    labels: rowNames(rowsOf, own.labelsOf),
    predicted: rowNames(rowsOf, own.predictedOf),
    several: own.several === true,
    numbers: own.numbers ? { truth: picked(own.numbers.truth), predicted: picked(own.numbers.predicted) } : null,
    outcomes: { kind: own.outcomes.kind, values: picked(own.outcomes.values) },
    losses: picked(own.losses),
  };
}

/** Some of `count` places, ascending, drawn by seed where there are more than `most`. */
function sample(count: number, most: number, seed: number): Int32Array {
  if (count <= most) return Int32Array.from({ length: count }, (_, place) => place);
  return shuffledIndices(count, createRandom(seed)).subarray(0, most).toSorted();
}

function notMapped({ name }: TrainedTask): Problem {
  return new Problem({
    found: `The task ${name} does not say of each row how it came out.`,
    expected: "A map shows labels and predictions of rows.",
    remedy: "Map rows with a model that classifies texts or words, or predicts numbers.",
  });
}

function notFinite(): Problem {
  return new Problem({
    found: "Some rows have vectors that are no finite numbers.",
    expected: "The model was expected to give each text a vector.",
    remedy: "The training may have diverged: train again with a lower learning rate.",
  });
}
