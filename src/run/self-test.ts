import { literal, safeParse } from "valibot";
import { gatherBatch } from "../data/batches.ts";
import { createRandom } from "../data/random.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { measuredConfig } from "../families/measured-models.ts";
import type { BackendInfo } from "../gpu/backend.ts";
import { readTensors } from "../gpu/read-back.ts";
import type { Precision } from "../gpu/device.ts";
import { precisionOn } from "../gpu/precision.ts";
import { runningGpu } from "../gpu/running.ts";
import { loadParameters } from "../model/checkpoint.ts";
import { Classifier } from "../model/classifier.ts";
import { matrixSpeeds, usableSpeeds } from "../ops/linear/choose-tile.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { readSteps } from "../train/read-steps.ts";
import { plainSettings } from "../train/settings.ts";
import { Trainer } from "../train/trainer.ts";
import type { TuningStore } from "./tune.ts";

/** Differences in the last digits come to 1e-6 of these numbers, a gradient that lacks a part to more than 1e-3. */
const TOLERANCE = 1e-4;
/** For a step with operands of 16 bits, the L2 norm of the difference; that of the step is 1. */
const MIXED_TOLERANCE = 1e-2;
/** Changes when the test does, so that each adapter is tested again. */
const VERSION = "passed 2";

const config = measuredConfig("selfTest");
const lengths = [5, 40, 23];
const labelNames = ["a", "b", "c"];
const nothing = { tensors: new Map(), read: () => Promise.reject(new Error("No checkpoint is read.")) };

/**
 * Tests the GPU that runs, where it was not tested before in this browser: a training step of a tiny model, twice from the
 * same weights, must give the same bits, and numbers near those of wasm. Some GPUs compute rightly once and wrongly after.
 * Returns null, or what is wrong in a sentence. Only a pass is kept: a driver may be mended.
 *
 * @param onWasm runs a piece of work on wasm, beside the GPU; throws a Problem where wasm cannot run
 */
export async function faultOf(
  store: TuningStore,
  onWasm: (work: () => Promise<Float32Array>) => Promise<Float32Array>,
): Promise<string | null> {
  return faultOfStep(store, { what: "A training step", key: "", precision: "float32" }, onWasm);
}

/**
 * Tests what a run takes beyond that on the GPU that runs, by the tiles that were chosen: operands of 16 bits, and
 * products of matrices by subgroups, those of attention among them. Where they compute wrongly, the device computes in
 * float32 and without such matrices from then on; returns what is wrong, else null.
 *
 * @param precision what the run's recipe asks for
 */
export async function faultOfForms(
  store: TuningStore,
  precision: Recipe["precision"],
  onWasm: (work: () => Promise<Float32Array>) => Promise<Float32Array>,
): Promise<string | null> {
  const gpu = runningGpu();
  const { tileSpeeds } = gpu;
  // Evaluations are in float32, whatever the steps are.
  for (const own of new Set<Precision>(["float32", precisionOn(gpu, precision)])) {
    const ofMatrices = matrixSpeeds(tileSpeeds, own);
    if (own === "float32" && ofMatrices.length === 0) continue;
    const how = [...(own === "mixed" ? ["in mixed precision"] : []), ...(ofMatrices.length > 0 ? ["by matrices"] : [])];
    const form = { what: `A training step ${how.join(" and ")}`, key: how.join(", "), precision: own };
    // Every product that can be is one of matrices then, whichever is the fastest at these sizes.
    if (ofMatrices.length > 0) gpu.tileSpeeds = ofMatrices;
    const fault = await faultOfStep(store, form, onWasm)
      // What a browser's compiler refuses here it would refuse in the run.
      .catch((error: unknown) => `${form.what} failed: ${error instanceof Error ? error.message : String(error)}`)
      .finally(() => (gpu.tileSpeeds = tileSpeeds));
    if (fault === null) continue;
    gpu.mixes = false;
    gpu.matrices = null;
    gpu.tileSpeeds = usableSpeeds(gpu, tileSpeeds);
    return fault;
  }
  return null;
}

/** One way to compute a step; of passes in different ways each is kept by its own key. */
interface StepForm {
  what: string;
  key: string;
  precision: Precision;
}

async function faultOfStep(
  store: TuningStore,
  { what, key: own, precision }: StepForm,
  onWasm: (work: () => Promise<Float32Array>) => Promise<Float32Array>,
): Promise<string | null> {
  const key = [keyOf(runningGpu().adapterInfo), own].filter(Boolean).join(" · ");
  if (safeParse(literal(VERSION), await store.read(key)).success) return null;
  const [first, second] = [await numbersOfStep(precision), await numbersOfStep(precision)];
  if (first.some((value, i) => !Object.is(value, second[i]))) {
    return `${what} gave different numbers the second time.`;
  }
  const expected = await onWasm(() => numbersOfStep("float32")).catch((error: unknown) => {
    if (error instanceof Problem) return first;
    throw error;
  });
  const apart = first.map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
  // What is not finite is near nothing.
  const isNear =
    precision === "mixed" ? Math.hypot(...apart) < MIXED_TOLERANCE : apart.every((value) => value < TOLERANCE);
  if (!isNear) return `${what} gave other numbers than on the processor.`;
  await store.write(key, VERSION);
  return null;
}

/** Where the run goes when the GPU that was found by itself computes wrongly. */
export function fallbackReason(adapter: string, fault: string): string {
  return `The GPU (${adapter}) computes wrongly: training on the processor, slower. ${fault}`;
}

/** How a run goes on where only the faster forms of the GPU compute wrongly. */
export function plainReason(adapter: string, fault: string): string {
  return `The GPU (${adapter}) computes wrongly with its matrices or 16-bit numbers: training on it in float32 without them. ${fault}`;
}

/** What is thrown when the GPU that was chosen by hand computes wrongly. */
export function wrongGpu({ adapter }: Pick<BackendInfo, "adapter">, fault: string, insist: string): Problem {
  return new Problem({
    found: `The GPU (${adapter}) computes wrongly. ${fault}`,
    expected: "You chose WebGPU, and a GPU was expected to compute the same numbers as the processor.",
    remedy: `Choose “Automatic” or “Processor (wasm)”, or update browser and graphics driver.${insist}`,
  });
}

/** The adapter and the browser, one of which is new after an update. */
function keyOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const adapter = [vendor, architecture, device, description].filter(Boolean).join(" · ");
  return `self-test · ${adapter} · ${globalThis.navigator.userAgent}`;
}

/** Loss, gradient norm and all weights after a step on the backend that runs, always from the same weights. */
async function numbersOfStep(precision: Precision): Promise<Float32Array> {
  const start = { classes: labelNames.length, classifierRows: null, seed: 7 };
  const { parameters } = await loadParameters(config, nothing, start);
  const model = new Classifier(config, parameters);
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const capacity = { tokens: 128, rows: lengths.length, stepTokens: tokens };
  // With this epsilon AdamW's step is nearly the gradient, where its own would be ±1 for any gradient.
  const settings = { ...plainSettings(1), maxGradientNorm: 1, epsilon: 1 };
  const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
  const trainer = new Trainer(
    model,
    () => defaultTrainedTask.plainLoss(labelNames),
    { ...settings, rates, seed: 3, precision },
    capacity,
  );
  try {
    const step = trainer.step([gatherBatch(rows(), Int32Array.from(lengths.keys()))]);
    const [numbers] = await readSteps([step]);
    const values = await readTensors(parameters.map(({ value }) => value));
    return Float32Array.from([
      numbers?.loss ?? NaN,
      numbers?.gradientNorm ?? NaN,
      ...values.flatMap((own) => [...own]),
    ]);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

function rows(): EncodedDataset {
  const random = createRandom(1);
  const rowStart = Int32Array.from({ length: lengths.length + 1 }, (_, row) =>
    lengths.slice(0, row).reduce((a, b) => a + b, 0),
  );
  const tokens = rowStart[lengths.length] ?? 0;
  return {
    ids: Int32Array.from({ length: tokens }, () => Math.floor(random() * config.vocabularySize)),
    types: new Int32Array(tokens),
    rowStart,
    fullLengths: Int32Array.from(lengths),
    labels: Int32Array.from(lengths.keys()),
  };
}
