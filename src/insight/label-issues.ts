import { labelsOfRow, type RowLabels } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { WordPlaces, WORD_WIDTH } from "../data/word-tokens.ts";
import { sigmoid } from "../metrics/sigmoid.ts";
import { argmax, softmax } from "../metrics/softmax.ts";
import type { Task } from "../tasks/task.ts";
import { labelNoise, worstFirst } from "./label-noise.ts";

/** A row with how much its label is in doubt. */
export interface LabelIssue {
  /** Place of the row among those that were judged. */
  row: number;
  /** The label as it was given, and the one that the models would give. */
  label: string;
  suggested: string;
  /** The labels of the row as suggested; null where the suggestion is of one word of the row alone. */
  suggestedLabels: string[] | null;
  /** From 0, the worst, to 1. */
  score: number;
}

/** Labels in doubt, the worst first, and what is estimated of all. */
export interface LabelIssues {
  issues: LabelIssue[];
  /** Estimated share of wrong labels by the confident joint, where labels are classes or marks. */
  share: number | null;
}

/** What labels are judged by: outputs of models that did not train on their rows. */
interface Judged {
  task: Pick<Task, "asks" | "scoredBy">;
  /** All rows that were judged; their words, where words are asked. */
  data: EncodedDataset;
  /** The labels of the rows, in their order. */
  truth: RowLabels;
  /** Outputs of the rows, or of the places of their words, one after the other, in the units of the data. */
  outputs: Float32Array;
  labelNames: readonly string[];
}

/**
 * Ranks rows by how much the label that each was given is in doubt: classes by confident learning; of several labels the
 * one in the most doubt decides, each judged as a class of yes and no; numbers by how far the prediction is off, beside the
 * typical distance; tagged words by the word whose tag is in the most doubt.
 */
export function labelIssues(judged: Judged): LabelIssues {
  const { task } = judged;
  if (task.asks === "words") return wordIssues(judged);
  if (task.scoredBy === "sigmoid") return markIssues(judged);
  return task.scoredBy === "none" ? numberIssues(judged) : classIssues(judged);
}

function classIssues({ truth: { labels }, outputs, labelNames }: Judged): LabelIssues {
  const noise = labelNoise({ labels, probabilities: softmax(outputs, labelNames.length), classes: labelNames.length });
  const name = (label: number | undefined) => labelNames[label ?? -1] ?? "";
  return {
    issues: Array.from(worstFirst(noise.scores), (row) => ({
      row,
      label: name(labels[row]),
      suggested: name(noise.suggested[row]),
      suggestedLabels: [name(noise.suggested[row])],
      score: noise.scores[row] ?? NaN,
    })),
    share: noise.share,
  };
}

function markIssues({ truth, outputs, labelNames }: Judged): LabelIssues {
  const width = labelNames.length;
  const rows = outputs.length / width;
  const scores = new Float64Array(rows).fill(Infinity);
  const worst = new Int32Array(rows);
  let share = 0;
  for (let label = 0; label < width; label++) {
    const given = Int32Array.from({ length: rows }, (_, row) => truth.labels[row * width + label] ?? 0);
    const probabilities = new Float64Array(2 * rows);
    for (let row = 0; row < rows; row++) {
      const yes = sigmoid(outputs[row * width + label] ?? 0);
      probabilities.set([1 - yes, yes], 2 * row);
    }
    const noise = labelNoise({ labels: given, probabilities, classes: 2 });
    share += noise.share / width;
    for (let row = 0; row < rows; row++) {
      // A rare label is improbable even where it is right: each is judged beside others that were given the same mark.
      const mark = given[row] ?? 0;
      const typical = noise.thresholds[mark] ?? 1;
      const own = probabilities[2 * row + mark] ?? 0;
      const score = Math.min(1, (own / Math.max(typical, 1e-6)) * 0.5 + own * 0.5);
      if (score >= (scores[row] ?? 0)) continue;
      scores[row] = score;
      worst[row] = label;
    }
  }
  const namesOf = (marks: readonly number[]) => labelNames.filter((_, label) => (marks[label] ?? 0) > 0);
  return {
    issues: Array.from(worstFirst(scores), (row) => {
      const marks = Array.from(labelsOfRow(truth, row));
      const at = worst[row] ?? 0;
      const isYes = (outputs[row * width + at] ?? 0) > 0;
      const suggestedLabels = namesOf(marks.with(at, isYes ? 1 : 0));
      const [label, suggested] = [namesOf(marks).join("; "), suggestedLabels.join("; ")];
      return { row, label, suggested, suggestedLabels, score: scores[row] ?? NaN };
    }),
    share,
  };
}

function numberIssues({ truth: { labels }, outputs }: Judged): LabelIssues {
  const off = Float64Array.from(labels, (label, row) => Math.abs((outputs[row] ?? NaN) - label));
  const median = off.slice().sort()[Math.floor(off.length / 2)] ?? 1;
  // e^(−1) at three times the typical distance.
  const scores = off.map((distance) => Math.exp(-distance / (3 * (median || 1))));
  const digits = (value = NaN) => String(Number(value.toPrecision(6)));
  return {
    issues: Array.from(worstFirst(off.map((distance) => -distance)), (row) => ({
      row,
      label: digits(labels[row]),
      suggested: digits(outputs[row]),
      suggestedLabels: [digits(outputs[row])],
      score: scores[row] ?? NaN,
    })),
    share: null,
  };
}

function wordIssues({ data, truth, outputs, labelNames }: Judged): LabelIssues {
  const width = labelNames.length;
  const texts = Int32Array.from({ length: (truth.labelStart?.length ?? 1) - 1 }, (_, text) => text);
  const places = new WordPlaces(data, texts);
  const probabilities = softmax(outputs, width);
  const scores = new Float64Array(texts.length).fill(1);
  const worst: { given: number; predicted: number }[] = Array.from(texts, () => ({ given: -1, predicted: -1 }));
  for (let place = 0; place < places.places; place++) {
    const word = places.wordAt(place);
    if (word < 0) continue;
    const { text, place: at } = places.textOf(word);
    const given = labelsOfRow(truth, text)[WORD_WIDTH * at + 2] ?? -1;
    if (given < 0) continue;
    const own = probabilities.subarray(place * width, (place + 1) * width);
    const predicted = argmax(own);
    const other = own.reduce((most, one, k) => (k === given ? most : Math.max(most, one)), 0);
    const score = ((own[given] ?? 0) - other + 1) / 2;
    if (score > (scores[text] ?? 0)) continue;
    scores[text] = score;
    worst[text] = { given, predicted };
  }
  return {
    issues: Array.from(worstFirst(scores), (row) => ({
      row,
      label: labelNames[worst[row]?.given ?? -1] ?? "",
      suggested: labelNames[worst[row]?.predicted ?? -1] ?? "",
      suggestedLabels: null,
      score: scores[row] ?? NaN,
    })),
    share: null,
  };
}
