import type { Tensor } from "@tensorflow/tfjs-core";
import { uploadBatch } from "../../../src/ops/device-batch.ts";
import { embeddingGradient, embeddingSum } from "../../../src/ops/embedding/embedding.ts";
import { randomBatch } from "../batches.ts";
import { randomValues, toCapacity, toTensor, type Values } from "../numbers.ts";

/** Rows of tokens and the sizes of the tables that they look up. */
export const embeddingShapes = [
  { name: "1 token", lengths: [1], word: 8, position: 4, hidden: 4 },
  { name: "odd vocabulary, odd T", lengths: [3, 1, 5], word: 997, position: 6, hidden: 8 },
  { name: "a hidden size of 12", lengths: [2, 4], word: 11, position: 5, hidden: 12 },
  { name: "a hidden size of twos", lengths: [2, 4], word: 11, position: 5, hidden: 26 },
  { name: "an odd hidden size", lengths: [2, 4], word: 11, position: 5, hidden: 7 },
  { name: "tokens that repeat", lengths: [9, 9, 9], word: 3, position: 9, hidden: 4 },
  { name: "a row of maximum length", lengths: [512], word: 31, position: 512, hidden: 4 },
];

type EmbeddingShape = (typeof embeddingShapes)[number];

interface Tables {
  word: Values;
  position: Values;
  type: Values;
  dy: Values;
}

/** Random tables, and the gradient of the sum. */
export function embeddingValues({ lengths, word, position, hidden }: EmbeddingShape): Tables {
  const tokens = lengths.reduce((a, b) => a + b, 0);
  return {
    word: randomValues([word, hidden], 1),
    position: randomValues([position, hidden], 2),
    type: randomValues([2, hidden], 3),
    dy: randomValues([tokens, hidden], 4),
  };
}

/** The sum of the tables for a batch, and their gradients, with room for `spare` more tokens and rows. */
export function bothWays(one: EmbeddingShape, values: Tables, spare: number, hasTypes = true): Record<string, Tensor> {
  const tokens = values.dy.shape[0] ?? 0;
  const sizes = { word: one.word, position: one.position, type: hasTypes ? 2 : 0 };
  const room = { tokens: tokens + spare, rows: one.lengths.length + spare };
  const batch = uploadBatch(randomBatch(one.lengths, { ...sizes, type: 2 }, 5), room, sizes, "training");
  if (!batch.groupings) throw new Error("A batch for training has groupings.");
  const { word, position, type } = batch.groupings;
  const tables = {
    word: toTensor(values.word),
    position: toTensor(values.position),
    type: hasTypes ? toTensor(values.type) : null,
  };
  const dy = toCapacity(values.dy, room.tokens);
  return {
    y: embeddingSum(tables, batch.tokenTable, batch.tokenNumbers, batch.tokens),
    dWord: embeddingGradient(dy, word),
    ...(position && { dPosition: embeddingGradient(dy, position) }),
    ...(type && { dType: embeddingGradient(dy, type) }),
  };
}
