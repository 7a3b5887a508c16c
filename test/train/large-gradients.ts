import { gatherBatch } from "../../src/data/batches.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import { deviceZeros } from "../../src/ops/device-tensor.ts";
import type { Precision } from "../../src/gpu/device.ts";
import type { Loss } from "../../src/tasks/task.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings } from "../../src/train/settings.ts";
import { takeSnapshot } from "../../src/train/snapshot.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { learnableRows } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

const STEPS = 5;
const data = learnableRows(16, 1, 24);

/** A loss whose gradients are `factor` times those of the cross-entropy, as those of large numbers may be. */
function steepLoss(factor: number): Loss {
  const loss = plainLoss(3)();
  return {
    weightOf: (labels) => loss.weightOf(labels),
    apart: (first, second, targets, scale) => loss.apart(first, second, targets, scale),
    dispose: () => loss.dispose(),
    of(logits, targets, denominator) {
      const own = loss.of(logits, targets, denominator);
      const zeros = deviceZeros(own.dLogits.shape);
      accumulate(own.dLogits, zeros, { keep: factor });
      zeros.dispose();
      return own;
    },
  };
}

/** Losses, gradient norms and weights of some steps of two micro-batches. */
export async function trainedSteeply(precision: Precision, factor: number, rDrop = 0) {
  const model = await randomClassifier(randomConfig({ num_hidden_layers: 2 }));
  const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
  const settings = { ...plainSettings(1e-3), maxGradientNorm: 1, rates, precision, rDrop };
  const trainer = new Trainer(model, () => steepLoss(factor), settings, { tokens: 128, rows: 4 });
  const [losses, norms]: [number[], number[]] = [[], []];
  for (let step = 0; step < STEPS; step++) {
    const batches = [0, 4].map((from) => gatherBatch(data, Int32Array.of(from, from + 1, from + 2, from + 3)));
    for (const { loss, gradientNorm } of await readSteps([trainer.step(batches)])) {
      losses.push(loss);
      norms.push(gradientNorm);
    }
  }
  const weights = Object.fromEntries(
    [...(await takeSnapshot(trainer.trainable))].map(([{ name }, values]) => [name, values]),
  );
  trainer.dispose();
  model.dispose();
  return { losses, norms, weights };
}
