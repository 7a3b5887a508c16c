import type { LabelledRows } from "../../src/data/rows.ts";

/** Labelled rows from [text, class] pairs; the classes are called "class 0", "class 1"… */
export function rowsOf(pairs: readonly (readonly [string, number])[], classes = 0): LabelledRows {
  const labels = Int32Array.from(pairs, ([, label]) => label);
  const count = Math.max(classes, ...labels.map((label) => label + 1));
  return {
    texts: pairs.map(([text]) => text),
    pairs: null,
    labels,
    labelNames: Array.from({ length: count }, (_, label) => `class ${label}`),
    tableRows: labels.map((_, row) => row + 1),
    lines: labels.map((_, row) => row + 2),
  };
}
