import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeCheckpoint } from "../../bench/inputs/checkpoints.ts";
import { miniLm } from "../../bench/inputs/model-shape.ts";
import { openModelFolder } from "../../src/cli/model-folder.ts";
import { readTensor } from "../../src/io/safetensors.ts";

const folder = mkdtempSync(join(tmpdir(), "tabtune-checkpoint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const shape = { ...miniLm, layers: 2, hidden: 8, heads: 2, intermediate: 16, positions: 32 };

it("writes a checkpoint that opens, whole or in shards, with the same weights", async () => {
  const bytes = await writeCheckpoint(join(folder, "whole"), shape);
  expect(bytes).toBe(readFileSync(join(folder, "whole/model.safetensors")).byteLength);
  await writeCheckpoint(join(folder, "shards"), shape, 3);
  const [whole, shards] = [await openModelFolder(join(folder, "whole")), await openModelFolder(join(folder, "shards"))];
  expect(whole.summary).toMatchObject({ layers: 2, hiddenSize: 8, vocabularySize: 30522, labelNames: null });
  const files = new Set([...shards.files.weights.tensors.values()].map(({ source }) => source.name));
  expect(files.size).toBe(3);
  for (const name of whole.files.weights.tensors.keys()) {
    expect(await readTensor(shards.files.weights, name), name).toEqual(await readTensor(whole.files.weights, name));
  }
});

it("gives layers weights of their own, of BERT's deviation", async () => {
  const { weights } = (await openModelFolder(join(folder, "whole"))).files;
  const [first, second] = [0, 1].map((i) => `bert.encoder.layer.${i}.intermediate.dense.weight`);
  expect(await readTensor(weights, first ?? "")).not.toEqual(await readTensor(weights, second ?? ""));
  const words = await readTensor(weights, "bert.embeddings.word_embeddings.weight");
  expect(Math.sqrt(words.reduce((sum, value) => sum + value * value, 0) / words.length)).toBeCloseTo(0.02, 3);
  expect(await readTensor(weights, "bert.embeddings.LayerNorm.weight")).toEqual(new Float32Array(8).fill(1));
});
