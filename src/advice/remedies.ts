import { frozenParts, prefixesBelow, freezesAllBelowHead } from "../recipe/frozen-prefixes.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Remedy, Practice } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { counted, plainNumber } from "../recipe/wording.ts";

/** Lower rates hardly move a pretrained encoder, LoRA's matrices, or a head that trains alone. */
const USUAL_RATE = 2e-5;
const USUAL_RATE_OF_LORA = 1e-4;
const USUAL_RATE_OF_HEAD = 1e-3;

/** No encoder trains at a higher rate. */
const HIGHEST_RATE = 1e-3;

/** A remedy that no change of the recipe can make, and the section of the handbook that says how it is made. */
export function advised(text: string, practice?: Practice): Remedy {
  return { text, change: null, ...(practice && { practice }) };
}

/** A remedy that changes the recipe; null where the recipe has these values already. */
export function changed(recipe: Recipe, patch: Partial<Recipe>, label: string, text: string): Remedy | null {
  const before = JSON.stringify(recipe);
  return JSON.stringify({ ...recipe, ...patch }) === before ? null : { text, change: { patch, label } };
}

/** The remedies without null, which stands for a remedy that would change nothing. */
export function those(...remedies: (Remedy | null)[]): Remedy[] {
  return remedies.filter((remedy) => remedy !== null);
}

/** The parts of a run that remedies depend on. */
type Run = Pick<RunRecord, "recipe" | "data">;

/** Whether the encoder is frozen as a whole. */
export function headAlone({ recipe, data }: Run): boolean {
  return data.layers !== null && freezesAllBelowHead(recipe.frozen, data.layers);
}

/** The lowest usual rate for the part of the model that trains in this run. */
export function usualRate(run: Run): number {
  if (headAlone(run)) return USUAL_RATE_OF_HEAD;
  return run.recipe.loraRank > 0 ? USUAL_RATE_OF_LORA : USUAL_RATE;
}

/** A rate above this multiple of the usual one destroys what the model has learned. */
const WILD = 25;
/** A wild rate is replaced by this multiple of the usual one. */
const TAMED = 2.5;

/** Whether the rate is so high that it is the likely cause of any fault. */
export function hasWildRate(run: Run): boolean {
  return run.recipe.learningRate > WILD * usualRate(run);
}

/** Lowers a wild rate to the highest common one, and any other rate to a quarter. */
export function sensibleRate(run: Run): Remedy | null {
  if (!hasWildRate(run)) return lowerRate(run.recipe, 4);
  const learningRate = round(TAMED * usualRate(run));
  return changed(run.recipe, { learningRate }, `Lower the rate to ${plainNumber(learningRate)}`, "A common rate.");
}

export function lowerRate(recipe: Recipe, divisor: number): Remedy | null {
  const learningRate = round(Math.min(recipe.learningRate / divisor, HIGHEST_RATE));
  return changed(recipe, { learningRate }, `Lower the rate to ${plainNumber(learningRate)}`, "Smaller steps.");
}

export function raiseRate(run: Run, factor: number): Remedy | null {
  const { recipe } = run;
  const learningRate = round(Math.max(recipe.learningRate * factor, usualRate(run)));
  return changed(recipe, { learningRate }, `Raise the rate to ${plainNumber(learningRate)}`, "Larger steps.");
}

export function longerWarmup(recipe: Recipe): Remedy | null {
  const patch = { warmupSteps: null, warmupShare: 0.2 };
  if (recipe.warmupSteps === null && recipe.warmupShare >= patch.warmupShare) return null;
  return changed(recipe, patch, "Warm up over 20 % of the steps", "A slower start, while Adam's averages settle.");
}

/** A schedule that falls after its peak, for recipes whose rate stays constant. */
export function fallingSchedule(recipe: Recipe): Remedy | null {
  if (recipe.schedule !== "constant" && recipe.schedule !== "constant-warmup") return null;
  return changed(
    recipe,
    { schedule: "linear" },
    "Use the linear schedule",
    "A rate that falls to 0 settles at the end.",
  );
}

export function clip(recipe: Recipe): Remedy | null {
  if (recipe.clipping === "norm" && recipe.maxGradientNorm <= 1) return null;
  const patch = { clipping: "norm", maxGradientNorm: 1 } as const;
  return changed(recipe, patch, "Clip the gradient at a norm of 1", "No single step can then throw the weights far.");
}

/** More dropout where it acts: a frozen encoder's outputs are computed once, without dropout. */
export function moreDropout(run: Run): Remedy | null {
  const { recipe } = run;
  const field = headAlone(run) ? "classifierDropout" : "hiddenDropout";
  if ((recipe[field] ?? 0.1) >= 0.2) return null;
  return changed(recipe, { [field]: 0.2 }, "Raise dropout to 0.2", "Rows are then harder to memorize.");
}

export function smoothLabels(recipe: Recipe): Remedy | null {
  if (recipe.labelSmoothing > 0 || recipe.focalGamma > 0) return null;
  return changed(
    recipe,
    { labelSmoothing: 0.1 },
    "Smooth the labels by 0.1",
    "Keeps the model from becoming overconfident.",
  );
}

/** A pull of the weights to the checkpoint, instead of the pull to 0. */
export function pullToStart(run: Run): Remedy | null {
  const { recipe } = run;
  if (recipe.l2sp > 0 || recipe.loraRank > 0 || recipe.start === "random" || headAlone(run)) return null;
  const patch = { l2sp: 0.01, weightDecay: 0 };
  return changed(recipe, patch, "Pull weights to their start", "Weights near the checkpoint memorize less.");
}

/** Freezes the embeddings and the lower half of the layers. */
export function freezeLowerHalf({ recipe, data }: Run): Remedy | null {
  const layers = data.layers ?? 0;
  const lower = prefixesBelow(data.sharesLayers ? 0 : Math.floor(layers / 2));
  const frozen = frozenParts(recipe.frozen, layers);
  if (recipe.loraRank > 0 || lower.every((part) => frozen.has(part))) return null;
  const label = lower.length > 1 ? "Freeze the lower half" : "Freeze the embeddings";
  return changed(
    recipe,
    { frozen: [...new Set([...lower, ...recipe.frozen])] },
    label,
    "Fewer weights can memorize the rows.",
  );
}

/** Trains all weights. After a head alone also at a lower rate, since the head's rate would destroy the encoder. */
export function unfreeze(run: Run): Remedy | null {
  const { recipe } = run;
  if (recipe.frozen.length === 0) return null;
  const text = "More weights that can learn.";
  if (!headAlone(run)) return changed(recipe, { frozen: [] }, "Freeze nothing", text);
  const patch = { frozen: [], learningRate: USUAL_RATE };
  return changed(recipe, patch, `Train all weights, at ${plainNumber(USUAL_RATE)}`, text);
}

export function balance(recipe: Recipe): Remedy | null {
  const text = "Each class then has the same weight in the loss, however few its rows.";
  return changed(recipe, { classWeights: "balanced" }, "Balance the classes", text);
}

export function earlyStopping(recipe: Recipe): Remedy | null {
  if (recipe.earlyStopping > 0) return null;
  const text = "The run ends by itself when a full evaluation is no better than those before.";
  return changed(recipe, { earlyStopping: 2 }, "Stop after 2 evaluations without gain", text);
}

export function epochs(recipe: Recipe, count: number, text: string): Remedy | null {
  const wanted = Math.min(1000, count);
  return changed(recipe, { epochs: wanted }, `Train for ${counted(wanted, "epoch")}`, text);
}

/** A larger batch size, in micro-batches of the size used so far, so that no more memory is needed. */
export function largerBatch(recipe: Recipe, batchSize: number): Remedy | null {
  const micro = Math.max(1, Math.ceil(recipe.batchSize / recipe.accumulate));
  const patch = { batchSize, accumulate: Math.ceil(batchSize / micro) };
  return changed(
    recipe,
    patch,
    `Use a batch size of ${batchSize}`,
    "Split into micro-batches, so that no more memory is needed.",
  );
}

/**
 * Rehearsal at the share that kept the earlier task in the study of forgetting; where there is some already, twice as
 * much.
 */
export function rehearse(recipe: Recipe): Remedy | null {
  const rehearsal = Math.min(0.5, recipe.rehearsal > 0 ? 2 * recipe.rehearsal : 0.25);
  const label = `${recipe.rehearsal > 0 ? "Raise" : "Set"} rehearsal to ${rehearsal}`;
  return changed(
    recipe,
    { rehearsal },
    label,
    "Every step then has rows of the earlier task: usually the most reliable remedy.",
  );
}

/** Weight consolidation of strength `first`; where there is some already, ten times as strong. */
export function consolidate(recipe: Recipe, first = 1e6): Remedy | null {
  const ewc = recipe.ewc > 0 ? Math.max(recipe.ewc, Math.min(10 * recipe.ewc, 1e8)) : first;
  const label = `${recipe.ewc > 0 ? "Raise" : "Set"} weight consolidation to ${ewc.toExponential().replace("e+", "e")}`;
  return changed(recipe, { ewc }, label, "Keeps the weights that the earlier task needs near their start.");
}

/** Smaller steps, mainly in the lower layers. */
export function gentler({ recipe, data }: Run): (Remedy | null)[] {
  const decay = "Slow each lower layer by 0.9";
  const unfreezing =
    "The new head, random at first, then does not disturb the layers below; needs one epoch per layer.";
  // Layers that share their weights have one rate and train together.
  if (data.sharesLayers) return [lowerRate(recipe, 3)];
  return [
    lowerRate(recipe, 3),
    recipe.layerDecay === 1
      ? changed(recipe, { layerDecay: 0.9 }, decay, "The lower layers keep what both tasks need.")
      : null,
    recipe.gradualUnfreezing
      ? null
      : changed(recipe, { gradualUnfreezing: true }, "Unfreeze layer by layer", unfreezing),
  ];
}

/** Two significant digits, as a person would write a rate. */
function round(rate: number): number {
  return Number(rate.toPrecision(2));
}
