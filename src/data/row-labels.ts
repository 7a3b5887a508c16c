/** Targets as numbers: int32 for classes, float32 for anything else. */
export type LabelValues = Int32Array | Float32Array;

/**
 * What rows are to be predicted as, in numbers laid end to end: a class of each row, a mark of 0 or 1 for each label of
 * each row, a number of each row, or a class of each token. Plain data, which workers send each other.
 */
export interface RowLabels {
  /** [rows · labelWidth], or [labelStart[rows]] where rows have different numbers of them. */
  labels: LabelValues;
  /** Numbers of each row, where that is not one. */
  labelWidth?: number;
  /** First number of each row, and the end [rows + 1], where rows have different numbers of them. */
  labelStart?: Int32Array;
}

/** The label of tokens that have none, as in transformers. */
export const NO_LABEL = -100;

/** Number of rows that have these labels. */
export function labelledCount({ labels, labelWidth = 1, labelStart }: RowLabels): number {
  return labelStart ? labelStart.length - 1 : labels.length / labelWidth;
}

/** The numbers of one row, in the memory of all. */
export function labelsOfRow({ labels, labelWidth = 1, labelStart }: RowLabels, row: number): LabelValues {
  return labelStart
    ? labels.subarray(labelStart[row], labelStart[row + 1])
    : labels.subarray(row * labelWidth, (row + 1) * labelWidth);
}

/** The labels of some rows, in their order. */
export function takeLabels(all: RowLabels, rows: Int32Array): RowLabels {
  const { labels, labelWidth, labelStart } = all;
  const start = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (start[i + 1] = (start[i] ?? 0) + labelsOfRow(all, row).length));
  const length = start[rows.length] ?? 0;
  const taken = labels instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  rows.forEach((row, i) => taken.set(labelsOfRow(all, row), start[i]));
  return { labels: taken, ...(labelWidth !== undefined && { labelWidth }), ...(labelStart && { labelStart: start }) };
}

/** The labels alone of what also has them. */
export function onlyLabels({ labels, labelWidth, labelStart }: RowLabels): RowLabels {
  return { labels, ...(labelWidth !== undefined && { labelWidth }), ...(labelStart && { labelStart }) };
}

/**
 * Labels of zeros, of the form of others: for rows that are only counted.
 *
 * @param rowStart first token of each row, and the end [rows + 1]
 */
export function blankLabels({ labels, labelWidth, labelStart }: RowLabels, rowStart: Int32Array): RowLabels {
  const rows = rowStart.length - 1;
  const length = labelStart ? (rowStart[rows] ?? 0) : rows * (labelWidth ?? 1);
  return {
    labels: labels instanceof Int32Array ? new Int32Array(length) : new Float32Array(length),
    ...(labelWidth !== undefined && { labelWidth }),
    ...(labelStart && { labelStart: rowStart }),
  };
}

/** Number of the labels; classes below 0 are none. */
export function labelledIn(labels: LabelValues): number {
  return labels instanceof Int32Array ? labels.reduce((sum, label) => sum + (label < 0 ? 0 : 1), 0) : labels.length;
}

/** Whether each row is of one class. */
export function hasClasses({ labels, labelStart }: RowLabels): boolean {
  return labels instanceof Int32Array && !labelStart;
}

/** The labels as classes; throws where they are none. */
export function classesOf(labels: LabelValues): Int32Array {
  if (labels instanceof Int32Array) return labels;
  throw new Error("The labels of rows were expected to be classes, and are other numbers.");
}
