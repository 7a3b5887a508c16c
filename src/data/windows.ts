import { rowCount } from "./batches.ts";
import { onlyLabels, takeLabels, type RowLabels } from "./row-labels.ts";
import type { EncodedDataset, EncodedRows } from "./rows.ts";
import { labelTokens } from "./word-tokens.ts";

/**
 * A long text may be several encoded rows, its windows. Batches, steps and capacities are of encoded rows; whatever is
 * said of data and predictions is of texts. Everything that leads from one to the other is in this file.
 */
type Windowed = Pick<EncodedRows, "rowStart" | "textStart">;

/** Number of texts: as many as encoded rows, unless there are windows. */
export function textCount(data: Windowed): number {
  return data.textStart ? data.textStart.length - 1 : rowCount(data);
}

/** The encoded rows of some texts, text by text, in their order. */
export function rowsOfTexts({ textStart }: Windowed, texts: Int32Array): Int32Array {
  if (!textStart) return texts;
  const windows = texts.map((text) => (textStart[text + 1] ?? 0) - (textStart[text] ?? 0));
  const rows = new Int32Array(windows.reduce((sum, count) => sum + count, 0));
  let at = 0;
  for (const text of texts) {
    for (let row = textStart[text] ?? 0; row < (textStart[text + 1] ?? 0); row++) rows[at++] = row;
  }
  return rows;
}

/** Tokens of the first `texts` texts, in all of their windows. */
export function tokensOfFirst({ rowStart, textStart }: Windowed, texts: number): number {
  return rowStart[textStart ? (textStart[texts] ?? 0) : texts] ?? 0;
}

/** Encoded rows with the labels of each text, which all of its windows get; where tokens have spans, with those of words. */
export function labelled(rows: EncodedRows, ofTexts: RowLabels): EncodedDataset {
  const { textStart, spans } = rows;
  if (spans) return labelTokens({ ...rows, spans }, ofTexts);
  if (!textStart) return { ...rows, ...onlyLabels(ofTexts) };
  const textOf = new Int32Array(rowCount(rows));
  textStart.subarray(0, -1).forEach((start, text) => textOf.fill(text, start, textStart[text + 1]));
  return { ...rows, ...takeLabels(ofTexts, textOf) };
}

/** The labels of each text: of its words, where it has such. */
export function textLabels(data: EncodedDataset): RowLabels {
  const { textStart, ofWords } = data;
  if (ofWords) return onlyLabels(ofWords);
  return textStart ? takeLabels(data, textStart.subarray(0, -1)) : onlyLabels(data);
}

/** The same rows as texts of their own, for tasks without labels: a window is as good a text as any. */
export function windowsAsTexts<Rows extends EncodedRows>({ textStart, ...rows }: Rows): Omit<Rows, "textStart"> {
  if (!textStart) return rows;
  return {
    ...rows,
    fullLengths: Int32Array.from(rows.rowStart.subarray(1), (end, row) => end - (rows.rowStart[row] ?? 0)),
  };
}

/** Takes the outputs of encoded rows as they come, and gives the mean over the windows of each text. */
export class WindowMeans {
  private text = 0;
  /** Windows of the current text that have come, and the sum of their outputs. */
  private windows = 0;
  private readonly sums: Float64Array;

  /**
   * @param texts those whose outputs come, in the order of `rowsOfTexts`
   * @param width outputs of a row
   */
  constructor(
    private readonly data: Windowed,
    private readonly texts: Int32Array,
    private readonly width: number,
  ) {
    this.sums = new Float64Array(width);
  }

  /**
   * @param outputs of the next encoded rows [some rows, width]
   * @returns those of the texts that are complete with them [texts, width]
   */
  add(outputs: Float32Array): Float32Array {
    const { textStart } = this.data;
    if (!textStart) return outputs;
    const { width, sums } = this;
    const means = new Float32Array(outputs.length);
    let complete = 0;
    for (let at = 0; at < outputs.length; at += width) {
      for (let k = 0; k < width; k++) sums[k] = (sums[k] ?? 0) + (outputs[at + k] ?? NaN);
      const text = this.texts[this.text] ?? -1;
      const windows = (textStart[text + 1] ?? 0) - (textStart[text] ?? 0);
      if (++this.windows < windows) continue;
      for (let k = 0; k < width; k++) means[complete * width + k] = (sums[k] ?? NaN) / windows;
      complete++;
      sums.fill(0);
      this.windows = 0;
      this.text++;
    }
    return means.subarray(0, complete * width);
  }
}
