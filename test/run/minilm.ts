import { expect } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import type { ByteSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { readTensors } from "../../src/gpu/read-back.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { openModel } from "../../src/run/open-model.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { Trainer } from "../../src/train/trainer.ts";
import reference from "../reference/minilm/expected.json" with { type: "json" };
import { linearSettings } from "../train/learnable-rows.ts";
import { plainLoss } from "../train/plain-loss.ts";

/** The starter model's files, and the classifier and the forward pass of the reference. */
interface MiniLmFiles {
  starter: ByteSource[];
  classifier: ByteSource;
  forward: ByteSource;
}

export const starterNames = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];

/**
 * Expects PyTorch's numbers of the real checkpoint on the running backend: token ids from the texts, pooled states and
 * logits of all sixteen rows, and the losses of the first `count` of ten steps from the reference's classifier.
 */
export async function expectMiniLmReference(files: MiniLmFiles, count = 10): Promise<void> {
  const opened = await openModel(files.starter);
  const { rows, settings, steps } = reference;
  const encoded = encodeRows(
    rows.map(({ text }) => text),
    null,
    64,
    createTokenizer(opened.tokenizer),
  );
  expect([...encoded.ids]).toEqual(rows.flatMap(({ input_ids }) => input_ids));
  expect([...encoded.types]).toEqual(rows.flatMap(({ token_type_ids }) => token_type_ids));
  const data = { ...encoded, labels: Int32Array.from(rows, ({ label }) => label) };

  const { weights } = opened.files;
  const head = await openSafetensors(files.classifier);
  const source = {
    tensors: new Map([...weights.tensors, ...head.tensors]),
    read: (name: string) => readTensor(head.tensors.has(name) ? head : weights, name),
  };
  const { parameters, keptClassifier } = await loadParameters(opened.config, source, {
    classes: 2,
    classifierRows: [0, 1],
    seed: 0,
  });
  expect(keptClassifier).toBe(true);
  const model = new Classifier(opened.config, parameters);
  const capacity = { tokens: Math.ceil(data.ids.length / 64) * 64, rows: rows.length };

  const batch = uploadBatch(gatherBatch(data, Int32Array.from(rows.keys())), capacity, model.tables, "training");
  const { logits, pass } = model.forward(batch);
  const pooler = pass.head[0]?.z;
  if (!pooler) throw new Error("The head has no pooler.");
  const [logitValues, pooledBeforeTanh] = await readTensors([logits, pooler]);
  const forward = await openSafetensors(files.forward);
  expectWithin(logitValues, await readTensor(forward, "logits"), "logits");
  expectWithin(pooledBeforeTanh?.map(Math.tanh), await readTensor(forward, "pooled"), "pooled");
  logits.dispose();
  model.discard(pass);
  disposeBatch(batch);

  const trainer = new Trainer(
    model,
    plainLoss(2),
    {
      ...linearSettings,
      learningRate: settings.lr,
      weightDecay: settings.weight_decay,
      warmupSteps: settings.warmup_steps,
      maxGradientNorm: settings.max_grad_norm,
      steps: steps.length,
    },
    capacity,
  );
  const half = rows.length / 2;
  expect(steps).toHaveLength(10);
  for (const { step, loss, grad_norm } of steps.slice(0, count)) {
    const first = step % 2 === 0 ? 0 : half;
    const own = gatherBatch(
      data,
      Int32Array.from({ length: half }, (_, i) => first + i),
    );
    const [numbers] = await readSteps([trainer.step([own])]);
    expect(Math.abs((numbers?.loss ?? NaN) - loss), `loss of step ${step}`).toBeLessThan(1e-3);
    expect(Math.abs((numbers?.gradientNorm ?? NaN) / grad_norm - 1), `norm of step ${step}`).toBeLessThan(1e-2);
  }
  trainer.dispose();
  model.dispose();
}

function expectWithin(found: Float32Array | undefined, expected: Float32Array, what: string): void {
  const off = [...expected].map((value, i) => Math.abs((found?.[i] ?? NaN) - value));
  expect(off.length).toBeGreaterThan(0);
  expect(Math.max(...off), what).toBeLessThan(1e-3);
}
