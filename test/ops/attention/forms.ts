import type { Tensor } from "@tensorflow/tfjs-core";
import { attention, attentionGradients } from "../../../src/ops/attention/attention.ts";
import type { AttentionForm, Relative } from "../../../src/ops/attention/options.ts";
import { dropoutKey, NO_DROPOUT } from "../../../src/ops/dropout/random.ts";
import { rowsOf } from "../batches.ts";
import { randomValues, toCapacity, toTensor, type Values } from "../numbers.ts";

/** One form of attention over some rows, with and without dropout. */
export interface Case {
  name: string;
  lengths: number[];
  heads: number;
  headSize: number;
  rate: number;
  window?: number;
  scale?: number;
  relative?:
    Omit<Extract<Relative, { kind: "bias" }>, "table"> | Omit<Extract<Relative, { kind: "products" }>, "table">;
}

const both = { contentToPosition: true, positionToContent: true };
const forms: Pick<Case, "name" | "window" | "scale" | "relative">[] = [
  { name: "a window of one token", window: 0 },
  { name: "a window of 3 to both sides", window: 3 },
  { name: "a window longer than a block", window: 37 },
  { name: "another scale", scale: 0.2 },
  { name: "a bias", relative: { kind: "bias", span: 80 } },
  { name: "a bias in a window", window: 5, scale: 0.7, relative: { kind: "bias", span: 75 } },
  { name: "products with positions", scale: 0.3, relative: { kind: "products", span: 80, parts: 3, ...both } },
  { name: "products in a window", window: 4, relative: { kind: "products", span: 71, parts: 2, ...both } },
  {
    name: "content to position alone",
    relative: { kind: "products", span: 72, parts: 2, contentToPosition: true, positionToContent: false },
  },
  {
    name: "position to content alone",
    relative: { kind: "products", span: 72, parts: 3, contentToPosition: false, positionToContent: true },
  },
];

const shapes = [
  { lengths: [1, 2], heads: 1, headSize: 4 },
  { lengths: [5, 1, 3], heads: 3, headSize: 7 },
  { lengths: [70, 2, 33], heads: 2, headSize: 12 },
];

export const cases: Case[] = forms.flatMap((form) =>
  shapes.flatMap((shape) => [0, 0.3].map((rate) => ({ ...form, ...shape, rate }))),
);

export const titleOf = ({ name, lengths, headSize, rate }: Case) =>
  `${name}, rows of ${lengths.join()}, heads of ${headSize}, dropout ${rate}`;

interface CaseValues {
  qkv: Values;
  dOut: Values;
  table: Values | null;
}

export function valuesOf({ lengths, heads, headSize, relative }: Case): CaseValues {
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const hidden = heads * headSize;
  const width = relative?.kind === "products" ? relative.parts * hidden : heads;
  return {
    qkv: randomValues([tokens, 3 * hidden], 1, 1.5),
    dOut: randomValues([tokens, hidden], 2),
    table: relative ? randomValues([2 * relative.span - 1, width], 3) : null,
  };
}

function optionsOf({ heads, rate, window, scale, relative }: Case, tokens: number, { table }: CaseValues) {
  const form: AttentionForm = { window, scale, relative: relative && table ? withTable(relative, table) : null };
  return { tokens, heads, dropout: rate === 0 ? NO_DROPOUT : { rate, key: dropoutKey(42, 3, 0, 1) }, form };
}

const withTable = (relative: NonNullable<Case["relative"]>, table: Values): Relative => ({
  ...relative,
  table: toTensor(table),
});

/** out and lse alone, of tensors with `spare` rows too many. */
export function forward(one: Case, values: CaseValues, spare = 0) {
  const tokens = values.qkv.shape[0] ?? 0;
  const rows = rowsOf(one.lengths, tokens + spare);
  const options = optionsOf(one, tokens, values);
  const qkv = toCapacity(values.qkv, tokens + spare);
  return { rows, options, qkv, ...attention(qkv, rows, options) };
}

/** out, lse and all gradients. */
export function bothWays(one: Case, values: CaseValues, spare = 0): Record<string, Tensor> {
  const { rows, options, qkv, out, lse } = forward(one, values, spare);
  const dOut = toCapacity(values.dOut, qkv.shape[0] ?? 0);
  const { dQkv, dRelative } = attentionGradients(dOut, { qkv, out, lse }, rows, options);
  return { out, lse, dQkv, ...(dRelative && { dRelative }) };
}
