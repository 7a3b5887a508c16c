import { createRandom, shuffledIndices } from "../data/random.ts";
import { worstFirst } from "./label-noise.ts";
import type { GivenLabels } from "../tasks/task.ts";

/** The regions of a data map: easy rows are right all along, ambiguous ones vary, hard ones stay wrong: often by their label. */
export const regionNames = ["easy", "ambiguous", "hard"] as const;

export type Region = (typeof regionNames)[number];

/** How a model took up rows over the epochs of a run: plain data, which workers send each other. */
export interface MappedRows {
  /** Number of epochs. */
  epochs: number;
  /** Mean probability of the given label over the epochs [rows]. */
  confidence: Float64Array;
  /** Its standard deviation over them, the population's [rows]. */
  variability: Float64Array;
  /** Share of the epochs in which the given label is predicted [rows]. */
  correctness: Float64Array;
  /** Place of each row's region among `regionNames` [rows]. */
  regions: Uint8Array;
  /** Rows by their confidence, the lowest first; of equal ones the first [rows]. */
  order: Int32Array;
}

/** Fewer epochs show no change. */
export const FEWEST_EPOCHS = 2;

/** One row in this many, those that vary most, is called ambiguous. */
const AMBIGUOUS = 3;

/**
 * A data map (Swayamdipta et al. 2020, Dataset Cartography): confidence, variability and correctness of each row over
 * epochs. The third of the rows that varies most is ambiguous; of the others those are easy whose confidence is at least
 * one half and which are right in at least half of the epochs (of many labels or words the mean stays high where one is
 * wrong all along).
 *
 * @param epochs what the model says of the given label of each row, epoch by epoch
 */
export function dataMap(epochs: readonly GivenLabels[]): MappedRows {
  const rows = epochs[0]?.isRight.length ?? 0;
  const confidence = new Float64Array(rows);
  const variability = new Float64Array(rows);
  const correctness = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = epochs.map(({ probabilities }) => probabilities[row] ?? NaN);
    const mean = own.reduce((sum, one) => sum + one / own.length, 0);
    confidence[row] = mean;
    variability[row] = Math.sqrt(own.reduce((sum, one) => sum + (one - mean) ** 2 / own.length, 0));
    correctness[row] = epochs.reduce((sum, { isRight }) => sum + (isRight[row] ?? 0), 0) / epochs.length;
  }
  const sorted = variability.slice().sort();
  const least = sorted[rows - Math.floor(rows / AMBIGUOUS)] ?? Infinity;
  const regionOf = (mean: number, row: number): Region => {
    const varies = (variability[row] ?? 0) >= least && (variability[row] ?? 0) > 0;
    if (varies) return "ambiguous";
    return mean >= 0.5 && (correctness[row] ?? 0) >= 0.5 ? "easy" : "hard";
  };
  const regions = Uint8Array.from(confidence, (mean, row) => regionNames.indexOf(regionOf(mean, row)));
  return { epochs: epochs.length, confidence, variability, correctness, regions, order: worstFirst(confidence) };
}

/** The region of a row. */
export const regionAt = ({ regions }: Pick<MappedRows, "regions">, row: number): Region =>
  regionNames[regions[row] ?? 0] ?? "easy";

/** Places of rows to draw, ascending: all, or `most` of them drawn by a fixed seed. */
export function drawnRows({ regions }: Pick<MappedRows, "regions">, most: number): Int32Array {
  const rows = regions.length;
  if (rows <= most) return Int32Array.from({ length: rows }, (_, row) => row);
  return shuffledIndices(rows, createRandom(0)).slice(0, most).sort();
}
