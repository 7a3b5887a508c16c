import type { LabelledRows } from "../../data/rows.ts";
import { valueText } from "./value-text.ts";

/** Rows by their number: bin i holds numbers from `least + i · width` on; the last one holds `most` too. */
export interface NumberSummary {
  least: number;
  most: number;
  mean: number;
  /** Standard deviation over the training rows. */
  deviation: number;
  width: number;
  trainBins: number[];
  validationBins: number[];
}

const BINS = 20;

/** How the numbers of both parts are spread. */
export function numberSummary(train: LabelledRows, validation: LabelledRows): NumberSummary {
  const { least, most } = rangeOf([train, validation]);
  const width = (most - least) / BINS || 1;
  const binsOf = ({ labels }: LabelledRows) => {
    const bins = new Array<number>(BINS).fill(0);
    for (const number of labels) {
      const bin = Math.min(BINS - 1, Math.floor((number - least) / width));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    return bins;
  };
  return {
    least,
    most,
    ...spreadOf(train.labels),
    width,
    trainBins: binsOf(train),
    validationBins: binsOf(validation),
  };
}

/** Mean and standard deviation (over the rows, not rows − 1) of some numbers; 0 of none. */
export function spreadOf(numbers: ArrayLike<number>): { mean: number; deviation: number } {
  const { length } = numbers;
  if (length === 0) return { mean: 0, deviation: 0 };
  let mean = 0;
  for (let i = 0; i < length; i++) mean += (numbers[i] ?? NaN) / length;
  let variance = 0;
  for (let i = 0; i < length; i++) variance += ((numbers[i] ?? NaN) - mean) ** 2 / length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** "0 to 5, mean 3.2". */
export function rangeText(parts: readonly LabelledRows[]): string {
  const { least, most, mean } = rangeOf(parts);
  return `${valueText(least)} to ${valueText(most)}, mean ${valueText(mean)}`;
}

function rangeOf(parts: readonly LabelledRows[]) {
  let [least, most, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const { labels } of parts) {
    for (const number of labels) {
      least = Math.min(least, number);
      most = Math.max(most, number);
      sum += number;
      count++;
    }
  }
  return count === 0 ? { least: 0, most: 0, mean: 0 } : { least, most, mean: sum / count };
}
