import { frozenParts, prefixesBelow, freezesAllBelowHead } from "../recipe/frozen-prefixes.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Remedy } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { counted, plainNumber } from "../recipe/wording.ts";

/** Below these a rate moves a pretrained encoder, LoRA's matrices, or a head that trains alone, hardly at all. */
const USUAL_RATE = 2e-5;
const USUAL_RATE_OF_LORA = 1e-4;
const USUAL_RATE_OF_HEAD = 1e-3;

/** Above this no encoder trains. */
const HIGHEST_RATE = 1e-3;

/** A remedy that no field of the recipe is. */
export function advised(text: string): Remedy {
  return { text, change: null };
}

/** A change of the recipe; null where the recipe has it already. */
export function changed(recipe: Recipe, patch: Partial<Recipe>, label: string, text: string): Remedy | null {
  const before = JSON.stringify(recipe);
  return JSON.stringify({ ...recipe, ...patch }) === before ? null : { text, change: { patch, label } };
}

/** Those of the remedies that would change something. */
export function those(...remedies: (Remedy | null)[]): Remedy[] {
  return remedies.filter((remedy) => remedy !== null);
}

/** What of a run the remedies go by that depend on the size of the model. */
type Run = Pick<RunRecord, "recipe" | "data">;

/** Whether the encoder is frozen as a whole. */
export function headAlone({ recipe, data }: Run): boolean {
  return data.layers !== null && freezesAllBelowHead(recipe.frozen, data.layers);
}

/** The least rate that what trains in this run usually has. */
export function usualRate(run: Run): number {
  if (headAlone(run)) return USUAL_RATE_OF_HEAD;
  return run.recipe.loraRank > 0 ? USUAL_RATE_OF_LORA : USUAL_RATE;
}

/** Above this rate times the usual one, what trains in the run loses what it knew. */
const WILD = 25;
/** The rate that a wild one is replaced by, times the usual one. */
const TAMED = 2.5;

/** Whether the rate is so high that no other cause need be looked for. */
export function hasWildRate(run: Run): boolean {
  return run.recipe.learningRate > WILD * usualRate(run);
}

/** For a wild rate the highest that is still common; for another one a quarter of it. */
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

/** A rate that falls after its peak, for recipes where it stays. */
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

/** Dropout where it can act: what a frozen encoder gives is computed once, without any. */
export function moreDropout(run: Run): Remedy | null {
  const { recipe } = run;
  const field = headAlone(run) ? "classifierDropout" : "hiddenDropout";
  if ((recipe[field] ?? 0.1) >= 0.2) return null;
  return changed(recipe, { [field]: 0.2 }, "Raise dropout to 0.2", "Rows are then harder to memorize.");
}

export function smoothLabels(recipe: Recipe): Remedy | null {
  if (recipe.labelSmoothing > 0) return null;
  return changed(
    recipe,
    { labelSmoothing: 0.1 },
    "Smooth the labels by 0.1",
    "Keeps the model from becoming overconfident.",
  );
}

/** A pull back to the checkpoint, in the place of the one to 0. */
export function pullToStart(run: Run): Remedy | null {
  const { recipe } = run;
  if (recipe.l2sp > 0 || recipe.loraRank > 0 || recipe.start === "random" || headAlone(run)) return null;
  const patch = { l2sp: 0.01, weightDecay: 0 };
  return changed(recipe, patch, "Pull weights to their start", "Weights near the checkpoint memorize less.");
}

/** Embeddings and the lower half of the layers, where they are not frozen yet. */
export function freezeLowerHalf({ recipe, data }: Run): Remedy | null {
  const layers = data.layers ?? 0;
  const lower = prefixesBelow(Math.floor(layers / 2));
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

/** All weights train, at the rate that suits them: that of a head alone would wreck the encoder. */
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

/** The batch size asked for, in micro-batches of the size used so far, so that no more memory is needed. */
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

/** The share of earlier rows beside the new ones that a study of forgetting kept an earlier task with; else twice as many. */
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

/** Weight consolidation of a strength where there is none, else ten times as strong. */
export function consolidate(recipe: Recipe, first = 1e6): Remedy | null {
  const ewc = recipe.ewc > 0 ? Math.max(recipe.ewc, Math.min(10 * recipe.ewc, 1e8)) : first;
  const label = `${recipe.ewc > 0 ? "Raise" : "Set"} weight consolidation to ${ewc.toExponential().replace("e+", "e")}`;
  return changed(recipe, { ewc }, label, "Keeps the weights that the earlier task needs near their start.");
}

/** Smaller steps, of the lower layers above all. */
export function gentler(recipe: Recipe): (Remedy | null)[] {
  const decay = "Slow each lower layer by 0.9";
  const unfreezing =
    "The new head, random at first, then does not disturb the layers below; needs one epoch per layer.";
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
