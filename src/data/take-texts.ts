import type { EncodedRows } from "./rows.ts";
import { rowsOfTexts, textCount } from "./windows.ts";

/** Some texts of encoded rows, in the given order, with all of their windows, in memory of their own. */
export function takeTexts(data: EncodedRows, texts: Int32Array): EncodedRows {
  const rows = rowsOfTexts(data, texts);
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + lengthOf(data, row)));
  const tokens = rowStart[rows.length] ?? 0;
  const taken = (values: Int32Array, width = 1) => {
    const own = new Int32Array(tokens * width);
    rows.forEach((row, i) => {
      own.set(
        values.subarray((data.rowStart[row] ?? 0) * width, (data.rowStart[row + 1] ?? 0) * width),
        (rowStart[i] ?? 0) * width,
      );
    });
    return own;
  };
  const { textStart, spans } = data;
  return {
    ids: taken(data.ids),
    types: taken(data.types),
    rowStart,
    fullLengths: texts.map((text) => data.fullLengths[text] ?? 0),
    ...(textStart && { textStart: startsOf(textStart, texts) }),
    ...(spans && { spans: taken(spans, 2) }),
  };
}

const lengthOf = ({ rowStart }: EncodedRows, row: number) => (rowStart[row + 1] ?? 0) - (rowStart[row] ?? 0);

function startsOf(textStart: Int32Array, texts: Int32Array): Int32Array {
  const starts = new Int32Array(texts.length + 1);
  texts.forEach((text, i) => {
    starts[i + 1] = (starts[i] ?? 0) + (textStart[text + 1] ?? 0) - (textStart[text] ?? 0);
  });
  return starts;
}

/** All texts of encoded rows, by their places. */
export const allTexts = (data: EncodedRows) => Int32Array.from({ length: textCount(data) }, (_, text) => text);
