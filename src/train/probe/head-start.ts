import { takeLabels } from "../../data/row-labels.ts";
import type { EncodedDataset } from "../../data/rows.ts";
import { rowsOfTexts } from "../../data/windows.ts";
import { activate, type Activation } from "../../ops/activation/activation.ts";
import type { Capacity } from "../../ops/device-batch.ts";
import type { Parameter } from "../../ops/parameter.ts";
import type { LearnedTask } from "../../tasks/task.ts";
import type { RunControl } from "../control.ts";
import { outputsOf } from "../evaluate.ts";
import type { ProbeEvent } from "../events.ts";
import { restoreSnapshot, type Snapshot } from "../snapshot.ts";
import type { Trainable } from "../trainable.ts";
import { fitProbe, inTurns, scaleOf } from "./fit-probe.ts";
import type { LinearModel, Vectors } from "./linear-model.ts";
import { probedTexts, probeLimit } from "./rows.ts";

/** A layer of the head with the parameters that a start sets; the last one gives the logits. */
export interface StartedLayer {
  weight: Parameter;
  bias: Parameter;
  activation: Activation;
  /** The norm after the activation, as it is. */
  norm: { scale: Float32Array; shift: Float32Array | null; epsilon: number } | null;
}

/** What a head's start needs of a model. */
interface StartsHead extends Required<Pick<Trainable<unknown>, "features" | "featureWidth">> {
  readonly tables: Trainable<unknown>["tables"];
  readonly productsPerToken: number;
}

/** A dense layer before the classifier: z[i] = scale[i] · x[i] + shift[i]. */
interface Diagonal {
  scale: Float32Array<ArrayBuffer>;
  shift: Float32Array<ArrayBuffer>;
}

/** Deviation of what the activation reads: most of it is within the part of a tanh that is nearly straight. */
const DEVIATION = 0.5;
/** What is added before an activation that cuts negative numbers: four deviations. */
const LIFT = 2;

/**
 * The dense layer that the head starts with: a scaled identity, which brings each number of `x` to the deviation that its
 * activation lets through.
 *
 * @param hasBias whether the layer can shift them; ModernBERT's cannot
 */
export function startedDense(x: Vectors, activation: Activation, hasBias = true): Diagonal {
  const { mean, deviation } = scaleOf(x);
  const lift = activation === "tanh" || activation === "none" ? 0 : LIFT;
  const scale = Float32Array.from(deviation, (own) => DEVIATION / own);
  if (!hasBias) return { scale, shift: new Float32Array(scale.length) };
  return { scale, shift: Float32Array.from(mean, (own, i) => lift - own * (scale[i] ?? 0)) };
}

/** What the classifier reads behind a started dense layer [rows · width]. */
export function throughDense(
  { values, width }: Vectors,
  { scale, shift }: Diagonal,
  { activation, norm }: Pick<StartedLayer, "activation" | "norm">,
): Vectors {
  const out = Float32Array.from(values, (value, i) =>
    activate(activation, value * (scale[i % width] ?? 0) + (shift[i % width] ?? 0)),
  );
  if (norm) for (let at = 0; at < out.length; at += width) normalize(out.subarray(at, at + width), norm);
  return { values: out, width };
}

function normalize(row: Float32Array, { scale, shift, epsilon }: NonNullable<StartedLayer["norm"]>): void {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  const by = 1 / Math.sqrt(variance + epsilon);
  for (let i = 0; i < row.length; i++) {
    row[i] = ((row[i] ?? 0) - mean) * by * (scale[i] ?? 1) + (shift?.[i] ?? 0);
  }
}

interface StartData {
  task: LearnedTask;
  train: EncodedDataset;
  labelNames: readonly string[];
  seed: number;
  capacity: Capacity;
}

/**
 * Linear probing, then fine-tuning (Kumar et al. 2022): the head starts as a linear model fitted to what the classifier
 * reads of the training rows, so that the first steps do not distort the encoder for the sake of a random head. A dense
 * layer before the classifier starts as a scaled identity, and the model is fitted behind it: the head's logits are those
 * of the probe. Yields how far it is; returns the probe, or null where `control` stops it or the task has none.
 *
 * @param layers the head's layers that run, at most one before the classifier
 */
export async function* startHead(
  model: StartsHead,
  layers: readonly StartedLayer[],
  { task, train, labelNames, seed, capacity }: StartData,
  control: RunControl,
): AsyncGenerator<ProbeEvent, LinearModel | null> {
  const { linearLoss: loss } = task;
  const [dense, classifier] = layers.length === 2 ? layers : [null, layers[0]];
  if (!loss || !classifier) return null;
  const width = model.featureWidth;
  const limit = probeLimit(model.productsPerToken, task.outputs(labelNames) * width, seed);
  const rows = rowsOfTexts(train, probedTexts({ train, validation: train }, limit).train);
  const values = new Float32Array(rows.length * width);
  let at = 0;
  for await (const outputs of outputsOf(model, (batch) => model.features(batch), train, rows, capacity)) {
    values.set(outputs, at);
    at += outputs.length;
    yield { type: "probe", of: "head", what: "vectors", done: at / width, total: rows.length };
    await control.unpaused();
    if (control.stops) return null;
  }
  const read = { values, width };
  // What stands in the place of a bias that there is not is in no file.
  const diagonal = dense && startedDense(read, dense.activation, dense.bias.parts.length > 0);
  const behind = dense && diagonal ? throughDense(read, diagonal, dense) : read;
  const { labels, labelWidth = 1 } = takeLabels(train, rows);
  const fit = fitProbe({ ...behind, labels }, { outputs: task.outputs(labelNames), loss, labelWidth, seed });
  const probe = yield* inTurns(fit, "head", control);
  if (!probe) return null;
  const weights: Snapshot = new Map([
    [classifier.weight, new Float32Array(probe.weight)],
    [classifier.bias, new Float32Array(probe.bias)],
  ]);
  if (dense && diagonal) {
    const identity = new Float32Array(width * width);
    diagonal.scale.forEach((scale, i) => (identity[i * width + i] = scale));
    weights.set(dense.weight, identity).set(dense.bias, diagonal.shift);
  }
  restoreSnapshot(weights);
  return probe;
}
