import { join } from "node:path";
import * as v from "valibot";
import type { Batch } from "../../data/batches.ts";
import type { Precision } from "../../gpu/device.ts";
import { readTensor, readTensors } from "../../gpu/read-back.ts";
import { isObject } from "../../io/json-object.ts";
import { openSafetensors, readTensor as readStored, type Safetensors } from "../../io/safetensors.ts";
import { familyOf, readConfig } from "../../families/registry.ts";
import { tokenConfig } from "../../families/token-config.ts";
import { architectureOf } from "../../io/weight-files.ts";
import { Classifier } from "../../model/classifier.ts";
import { loadParameters } from "../../model/checkpoint.ts";
import type { ModelConfig } from "../../model/config.ts";
import { pair } from "../../model/names.ts";
import { uploadBatch, disposeBatch, type Capacity } from "../../ops/device-batch.ts";
import { partOf, type Parameter } from "../../ops/parameter.ts";
import { defaultRecipe } from "../../recipe/recipe.ts";
import type { Loss, TrainedTask } from "../../tasks/task.ts";
import { defaultTrainedTask, trainedTasks } from "../../tasks/trained-tasks.ts";
import { readSteps } from "../../train/read-steps.ts";
import { referenceFile, referenceJson } from "./reference-file.ts";
import { batchOf, rowSchema, tokenBatchOf } from "./reference-rows.ts";
import { plainSettings, type TrainerSettings } from "../../train/settings.ts";
import { Trainer } from "../../train/trainer.ts";

const settingsSchema = v.object({
  lr: v.number(),
  weight_decay: v.number(),
  warmup_steps: v.number(),
  schedule: v.picklist(["linear", "cosine"]),
  max_grad_norm: v.number(),
  accumulate: v.number(),
  label_smoothing: v.number(),
  class_weights: v.nullable(v.array(v.number())),
  /** γ of the focal loss, where the task has one. */
  focal_gamma: v.nullish(v.number()),
  /** Weight of each label's positives, where rows have several labels. */
  pos_weight: v.nullish(v.array(v.number())),
  frozen: v.array(v.string()),
  layer_decay: v.number(),
});

const trajectoriesSchema = v.record(
  v.string(),
  v.object({
    settings: settingsSchema,
    steps: v.array(v.object({ step: v.number(), loss: v.number(), grad_norm: v.number() })),
    /** Names of the weights that decay, and of each the level that its rate is taken from. */
    decays: v.optional(v.array(v.string())),
    levels: v.optional(v.record(v.string(), v.number())),
    /** Weights, or runs of their numbers as "name[from:to]", that cannot change the loss. */
    noise: v.optional(v.array(v.string())),
  }),
);

/** The largest deviations from the reference, by kind. */
export interface Deviations {
  hiddenStates: number;
  logits: number;
  loss: number;
  /** Worst gradient, L2 relative (absolute where the reference's own norm is under 1e-6). */
  gradients: number;
  /** Weights that decay here and not in the reference, or the reverse, or whose level is another. */
  rules: string[];
  losses: Record<string, number>;
  /** Relative. */
  gradientNorms: Record<string, number>;
  /** Worst weight after the first trajectory, L2 relative, without those whose true gradient is zero. */
  finalWeights: number;
}

type Tolerance = Record<Exclude<keyof Deviations, "rules">, number>;

/** What each kind of deviation may reach. */
export const TOLERANCE: Tolerance = {
  hiddenStates: 1e-4,
  logits: 1e-4,
  loss: 1e-4,
  gradients: 1e-3,
  losses: 1e-4,
  gradientNorms: 1e-3,
  finalWeights: 1e-2,
};

/** The same of steps in mixed precision. Hidden states and logits are an evaluation's, which are float32 all the same. */
const MIXED_TOLERANCE: Tolerance = {
  ...TOLERANCE,
  loss: 1e-2,
  gradients: 1e-2,
  losses: 2e-2,
  gradientNorms: 2e-2,
  finalWeights: 5e-2,
};

export function withinTolerance(worst: Deviations, precision: Precision = "float32"): boolean {
  const tolerance = precision === "mixed" ? MIXED_TOLERANCE : TOLERANCE;
  const { losses, gradientNorms, rules, ...single } = worst;
  const kinds = ["hiddenStates", "logits", "loss", "gradients", "finalWeights"] as const;
  return (
    rules.length === 0 &&
    kinds.every((kind) => single[kind] <= tolerance[kind]) &&
    Object.values(losses).every((value) => value <= tolerance.losses) &&
    Object.values(gradientNorms).every((value) => value <= tolerance.gradientNorms)
  );
}

/** Everything of a folder laid out like test/reference/tiny, against the model, loss and trainer that `fit` uses. */
export async function checkParity(
  folder: string,
  log: (line: string) => void,
  precision: Precision = "float32",
): Promise<Deviations> {
  const reference = { ...(await openReference(folder)), precision };
  const [first] = reference.batches;
  if (!first) throw new Error(`${folder}/batches.json has no batch.`);
  const start = await firstStep(reference, first);
  log("hidden states, logits and gradients compared");
  const losses: Record<string, number> = {};
  const gradientNorms: Record<string, number> = {};
  let finalWeights = NaN;
  const rules = new Set<string>();
  for (const [i, [name, trajectory]] of Object.entries(reference.trajectories).entries()) {
    const { settings, steps } = trajectory;
    const { model, numbers } = await train(reference, settings);
    losses[name] = Math.max(...steps.map(({ loss }, k) => difference(loss, numbers[k]?.loss)));
    gradientNorms[name] = Math.max(
      ...steps.map(({ grad_norm }, k) => difference(grad_norm, numbers[k]?.gradientNorm) / grad_norm),
    );
    for (const broken of brokenRules(model.parameters, trajectory)) rules.add(broken);
    if (i === 0) finalWeights = await weightDeviation(model, reference.afterTraining, trajectory);
    model.dispose();
    log(`${name}: ${numbers.length} steps compared`);
  }
  return { ...start, rules: [...rules], losses, gradientNorms, finalWeights };
}

interface Reference {
  config: ModelConfig;
  task: TrainedTask;
  /** Width of the head. */
  outputs: number;
  checkpoint: Safetensors;
  batches: Batch[];
  capacity: Capacity;
  forward: Safetensors;
  gradients: Safetensors;
  afterTraining: Safetensors;
  trajectories: v.InferOutput<typeof trajectoriesSchema>;
  /** What the steps are computed in. */
  precision: Precision;
}

async function openReference(folder: string): Promise<Omit<Reference, "precision">> {
  const json = (name: string) => referenceJson(join(folder, name));
  const open = async (name: string) => openSafetensors(await referenceFile(join(folder, name)));
  const rows = v.parse(v.array(v.array(rowSchema)), await json("batches.json"));
  const file = await json("checkpoint/config.json");
  const labelsTokens = /TokenClassification/.test(architectureOf(file) ?? "");
  const config = labelsTokens ? tokenConfig(familyOf(file), readConfig(file)) : readConfig(file);
  const checkpoint = await open("checkpoint/model.safetensors");
  const outputs = checkpoint.tensors.get(pair(config.names.classifier).weight)?.shape[0] ?? 0;
  const batches = rows.map((own) => (labelsTokens ? tokenBatchOf(own) : batchOf(own, outputs)));
  return {
    ...{ config, checkpoint, outputs, task: taskOf(file) },
    batches,
    capacity: {
      tokens: Math.max(...batches.map(({ ids }) => ids.length)),
      rows: Math.max(...batches.map(({ rowStart }) => rowStart.length - 1)),
      places: Math.max(...batches.map(({ places }) => places?.length ?? 0)),
    },
    forward: await open("forward.safetensors"),
    gradients: await open("gradients.safetensors"),
    afterTraining: await open("after_training.safetensors"),
    trajectories: v.parse(trajectoriesSchema, await json("trajectories.json")),
  };
}

/** The task that config.json names by its `problem_type`. */
function taskOf(file: unknown): TrainedTask {
  const problem = isObject(file) ? file.problem_type : undefined;
  if (typeof problem !== "string") return defaultTrainedTask;
  const task = trainedTasks.find(({ config }) => config([]).problem_type === problem);
  if (!task) throw new Error(`There is no task for the problem type “${problem}”.`);
  return task;
}

async function loadModel({ config, checkpoint, outputs: classes }: Reference): Promise<Classifier> {
  const source = { tensors: checkpoint.tensors, read: (name: string) => readStored(checkpoint, name) };
  const classifierRows = Array.from({ length: classes }, (_, row) => row);
  const { pooling } = config;
  const { parameters } = await loadParameters(config, source, { classes, classifierRows, seed: 0, pooling });
  return new Classifier(config, parameters, pooling);
}

/** The reference's settings as the trainer takes them; dropout is 0 in all of them. */
function settingsFrom(
  settings: v.InferOutput<typeof settingsSchema>,
  steps: number,
  precision: Precision,
): TrainerSettings {
  return {
    ...plainSettings(settings.lr),
    precision,
    schedule: settings.schedule,
    warmupSteps: settings.warmup_steps,
    steps,
    weightDecay: settings.weight_decay,
    maxGradientNorm: settings.max_grad_norm,
    frozen: settings.frozen,
    layerDecay: settings.layer_decay,
  };
}

/** The loss that the task makes of a recipe with these settings. */
function lossFrom({ task, outputs }: Reference, settings: v.InferOutput<typeof settingsSchema>): Loss {
  const labelNames = Array.from({ length: outputs }, (_, output) => `label ${output}`);
  const weights = settings.class_weights ?? settings.pos_weight ?? null;
  const recipe = {
    ...defaultRecipe,
    labelSmoothing: settings.label_smoothing,
    focalGamma: settings.focal_gamma ?? 0,
    classWeights: weights && Object.fromEntries(labelNames.map((name, output) => [name, weights[output] ?? NaN])),
  };
  return task.lossOf({ labels: new Float32Array(), labelNames }, recipe);
}

async function firstStep(reference: Reference, batch: Batch) {
  const model = await loadModel(reference);
  const uploaded = uploadBatch(batch, reference.capacity, model.tables, "training");
  const { logits, pass } = model.forward(uploaded);
  const states = model.states(uploaded);
  const values = await readTensors([...states, logits]);
  let hiddenStates = 0;
  for (let i = 0; i < states.length; i++) {
    const expected = await readStored(reference.forward, `hidden_states.${i}`);
    hiddenStates = Math.max(hiddenStates, largestDifference(expected, values[i]));
  }
  const logitsOff = largestDifference(await readStored(reference.forward, "logits"), values.at(-1));

  const [plain] = Object.values(reference.trajectories);
  if (!plain) throw new Error("trajectories.json is empty.");
  const settings = settingsFrom({ ...plain.settings, frozen: [] }, 1, reference.precision);
  const trainer = new Trainer(model, () => lossFrom(reference, plain.settings), settings, reference.capacity);
  const step = trainer.openStep([batch]);
  const { gradients } = step;
  const [loss] = trainer.microStep(batch, 0, step);
  if (!loss) throw new Error("A step has no loss.");
  const [expectedLoss] = await readStored(reference.forward, "loss");
  const lossOff = difference(expectedLoss, (await readTensor(loss))[0]);
  const noise = noiseOf(plain.noise ?? []);
  const trained = model.parameters.filter(({ frozen }) => frozen !== true);
  let worst = gradients.size === trained.length ? 0 : Infinity;
  for (const [parameter, gradient] of gradients) {
    const own = await readTensor(gradient);
    for (const [name, part] of weightsByName(parameter, own)) {
      const [theirs, ours] = noise.without(name, await readStored(reference.gradients, name), part);
      worst = Math.max(worst, relative(theirs, ours));
    }
  }
  for (const held of [...states, ...gradients.values(), loss, logits]) held.dispose();
  trainer.dispose();
  model.discard(pass);
  disposeBatch(uploaded);
  model.dispose();
  return { hiddenStates, logits: logitsOff, loss: lossOff, gradients: worst };
}

async function train(reference: Reference, settings: v.InferOutput<typeof settingsSchema>) {
  const model = await loadModel(reference);
  const steps = Math.floor(reference.batches.length / settings.accumulate);
  const loss = () => lossFrom(reference, settings);
  const { capacity, precision } = reference;
  // As in runs, so that the word table's gradient has the form that it has there.
  const room = { ...capacity, stepTokens: settings.accumulate * capacity.tokens };
  const trainer = new Trainer(model, loss, settingsFrom(settings, steps, precision), room);
  const numbers = [];
  for (let step = 0; step < steps; step++) {
    const from = step * settings.accumulate;
    const pending = trainer.step(reference.batches.slice(from, from + settings.accumulate));
    numbers.push(...(await readSteps([pending])));
  }
  trainer.dispose();
  return { model, numbers };
}

async function weightDeviation(
  { parameters, config }: Classifier,
  expected: Safetensors,
  { noise: stated }: Trajectory,
): Promise<number> {
  // A key's bias adds the same to all scores of a query. Older references leave it to the reader.
  const keyBiases = Array.from({ length: config.layers }, (_, layer) => pair(config.names.layer(layer).key).bias);
  const noise = noiseOf(stated ?? keyBiases);
  let worst = 0;
  for (const parameter of parameters) {
    const own = await readTensor(parameter.value);
    for (const [name, part] of weightsByName(parameter, own)) {
      const [theirs, ours] = noise.without(name, await readStored(expected, name), part);
      worst = Math.max(worst, relative(theirs, ours));
    }
  }
  return worst;
}

type Trajectory = Reference["trajectories"][string];

/** Names whose decay or level is not the reference's, where it says them, and names that the model lacks. */
function brokenRules(parameters: readonly Parameter[], { decays, levels }: Trajectory): string[] {
  const own = new Set(parameters.flatMap(({ parts }) => parts));
  const missing = Object.keys(levels ?? {}).filter((name) => !own.has(name));
  const different = parameters.flatMap(({ parts, decays: decaysHere, level }) =>
    parts.filter(
      (name) =>
        (decays !== undefined && decays.includes(name) !== decaysHere) ||
        (levels !== undefined && levels[name] !== level),
    ),
  );
  return [...missing, ...different];
}

/** Leaves out what cannot change the loss: its gradient is rounding, and AdamW walks it at random. */
function noiseOf(noise: readonly string[]) {
  const ranges = noise.map((entry) => {
    const [, name = entry, from = "0", to = "Infinity"] = /^(.*)\[(\d+):(\d+)\]$/.exec(entry) ?? [];
    return { name, from: Number(from), to: Number(to) };
  });
  return {
    /** The two arrays without the numbers that are noise. */
    without(name: string, ...both: [Float32Array, Float32Array]): [Float32Array, Float32Array] {
      const own = ranges.filter((range) => range.name === name);
      if (own.length === 0) return both;
      const isNoise = (_: number, i: number) => own.some(({ from, to }) => i >= from && i < to);
      const [expected, found] = both.map((values) => values.filter((value, i) => !isNoise(value, i)));
      return [expected ?? both[0], found ?? both[1]];
    },
  };
}

/** A packed weight's parts, by their names in the checkpoint. */
function* weightsByName(parameter: Parameter, values: Float32Array<ArrayBuffer>): Generator<[string, Float32Array]> {
  const rows = parameter.value.shape[0] ?? 0;
  for (const [i, name] of parameter.parts.entries()) yield [name, partOf(parameter, values, i, rows)];
}

const difference = (expected = NaN, found = NaN) => {
  const off = Math.abs(expected - found);
  return Number.isNaN(off) ? Infinity : off;
};

function largestDifference(expected: Float32Array, found: Float32Array | undefined): number {
  let worst = 0;
  expected.forEach((value, i) => (worst = Math.max(worst, difference(value, found?.[i]))));
  return worst;
}

/** ‖found − expected‖ / ‖expected‖, or the numerator alone where ‖expected‖ < 1e-6. */
function relative(expected: Float32Array, found: Float32Array): number {
  let off = 0;
  let norm = 0;
  expected.forEach((value, i) => {
    off += difference(value, found[i]) ** 2;
    norm += value * value;
  });
  return Math.sqrt(off) / (Math.sqrt(norm) < 1e-6 ? 1 : Math.sqrt(norm));
}
