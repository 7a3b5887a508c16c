import { setBackend, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { startBackends } from "../ops/backends.ts";
import { expectNear, randomValues } from "../ops/numbers.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { preNormConfig, randomClassifier, randomConfig, setRandomly } from "./random-model.ts";

beforeAll(async () => {
  await startBackends();
});

const rates = { hidden: 0.2, attention: 0.2, classifier: 0.2, lowRank: 0.2 };
const key = { seed: 3, step: 1, microBatch: 0 };
const forms = { "post-norm": randomConfig(), "pre-norm": preNormConfig() };
const lowRank = { rank: 2, alpha: 4, targets: ["query", "intermediate", "output"], seed: 5 } as const;
const batch = gatherBatch(learnableRows(5, 1, 14), Int32Array.of(0, 1, 2, 3, 4));
// Room for more tokens and rows than there are: nothing may read what is past the last.
const capacity = { tokens: batch.ids.length + 23, rows: 7 };
const weights = randomValues([capacity.rows, 3], 9);

/** Logits, and the gradients of one pass by name. */
async function passOn(backend: "wasm" | "webgpu", form: keyof typeof forms, checkpointing: boolean) {
  await setBackend(backend);
  const model = await randomClassifier(forms[form], { lowRank: checkpointing ? lowRank : null });
  setRandomly(model.parameters.filter(({ role }) => role.includes(".lora.")));
  model.checkpointing = checkpointing;
  const uploaded = uploadBatch(
    batch,
    backend === "wasm" ? { tokens: batch.ids.length, rows: 5 } : capacity,
    model.tables,
    "training",
  );
  const { logits, pass } = model.forward(uploaded, rates, key);
  const found = new Map([["logits", (await readTensor(logits)).subarray(0, 15)]]);
  const rows = backend === "wasm" ? 5 : capacity.rows;
  const dLogits = tensor(weights.values.slice(0, rows * 3), [rows, 3]);
  for (const [{ name }, gradient] of model.backward(dLogits, pass, ({ frozen }) => frozen !== true)) {
    found.set(name, await readTensor(gradient));
    gradient.dispose();
  }
  for (const held of [logits, dLogits]) held.dispose();
  disposeBatch(uploaded);
  model.dispose();
  return found;
}

describe("whole passes with dropout", () => {
  it.each([
    ["post-norm", false],
    ["pre-norm", false],
    ["pre-norm", true],
  ] as const)("are the same on webgpu as on wasm: %s, LoRA and checkpointing %s", async (form, checkpointing) => {
    const expected = await passOn("wasm", form, checkpointing);
    const found = await passOn("webgpu", form, checkpointing);
    expect([...found.keys()]).toEqual([...expected.keys()]);
    for (const [name, values] of expected) {
      // A key's bias adds the same to all scores of a query: its gradient, the middle third of this one, is rounding.
      if (/(to_q|query)\.bias$/.test(name)) for (const one of [values, found.get(name)]) one?.fill(0, 32, 64);
      expectNear(found.get(name), values, 1e-4, name);
    }
  });
});
