import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import { fieldsByLayer } from "../recipe/fields-by-layer.ts";
import { defaultRecipe, type Recipe } from "../recipe/recipe.ts";
import { trainableParameters } from "./frozen.ts";

/**
 * Throws a Problem for an average of LoRA checkpoints, or of LoRA's steps: the product of averaged matrices is not the
 * average of their products, so that the result would be a model that no checkpoint is near to.
 */
export function checkAverage({ average, ema, loraRank }: Pick<Recipe, "average" | "ema" | "loraRank">): void {
  if ((average === "none" && ema === 0) || loraRank === 0) return;
  const [what, off] =
    average === "none"
      ? [`keeps a moving average (ema is ${ema})`, "“ema” to 0"]
      : [`averages checkpoints (average is “${average}”)`, "“average” to “none”"];
  throw new Problem({
    found: `The recipe ${what} of a LoRA training (loraRank is ${loraRank}).`,
    expected: "Averaging LoRA's two matrices apart does not average the weights that they stand for.",
    remedy: `Set ${off}, or train the weights themselves with a LoRA rank of 0.`,
  });
}

/** Throws a Problem for a pull to the start that reaches no weight: none of those that train came with the checkpoint. */
export function checkPull(
  parameters: readonly Parameter[],
  { l2sp, loraRank, frozen, start }: Pick<Recipe, "l2sp" | "loraRank" | "frozen" | "start">,
): void {
  if (l2sp === 0) return;
  for (const { ofHead, startsNew } of trainableParameters(parameters, frozen)) {
    if (!ofHead && startsNew !== true) return;
  }
  throw new Problem({
    found: `The recipe pulls weights to where they started (l2sp is ${l2sp}), and none of those that train came with the checkpoint.`,
    expected: "The pull is on weights of the checkpoint's encoder alone.",
    remedy: `Set “l2sp” to 0, or ${loraRank > 0 ? "train the weights themselves with a LoRA rank of 0" : start === "random" ? "start from the checkpoint" : "freeze fewer layers"}.`,
  });
}

/**
 * Throws a Problem for fields of the recipe that treat the layers differently, where several layers share their weights:
 * they have one rate, train together, and start together.
 */
export function checkSharedLayers(
  parameters: readonly Parameter[],
  recipe: Pick<Recipe, "layerDecay" | "gradualUnfreezing" | "reinitializeLayers">,
): void {
  const shared = parameters.find(({ layers }) => layers !== undefined);
  const field = shared && fieldsByLayer.find((name) => recipe[name] !== defaultRecipe[name]);
  if (!field) return;
  throw new Problem({
    found: `The recipe sets ${field} to ${recipe[field]}, and the model's layers share their weights.`,
    expected: "Rates, unfreezing and new weights by layer need layers with weights of their own.",
    remedy: `Set “${field}” to ${defaultRecipe[field]}.`,
  });
}

/**
 * Throws a Problem for weights that start from random numbers and never train: those below frozen prefixes or beside
 * LoRA's, and those of layers that gradual unfreezing does not reach. With LoRA the pooler is left out: PEFT freezes it
 * too, and where the checkpoint has none, a random one still passes on what the encoder says.
 */
export function checkRandomTrains(
  parameters: readonly Parameter[],
  { frozen, gradualUnfreezing, epochs, loraRank }: Pick<Recipe, "frozen" | "gradualUnfreezing" | "epochs" | "loraRank">,
): void {
  const isNew = ({ startsNew }: Parameter) => startsNew === true;
  if (!parameters.some(isNew)) return;
  const trainable = trainableParameters(parameters, frozen);
  const levels = [...new Set([...trainable].map(({ level }) => level))].sort((a, b) => b - a);
  const reached = new Set(gradualUnfreezing ? levels.slice(0, Math.ceil(epochs)) : levels);
  const stuck = parameters.filter(
    (one) => isNew(one) && !(trainable.has(one) && reached.has(one.level)) && !(loraRank > 0 && one.ofHead),
  );
  const [first] = stuck;
  if (first === undefined) return;
  const isWaiting = trainable.has(first);
  throw new Problem({
    found: `${stuck.length} weights start from random numbers and never train, e.g. ${first.name}.`,
    expected: "Weights that do not train were expected to come with the checkpoint.",
    remedy: isWaiting
      ? `Train for at least ${levels.length} epochs, so that gradual unfreezing reaches all levels, or turn it off.`
      : loraRank > 0
        ? "Start from the checkpoint and re-initialize no layer, or set the LoRA rank to 0."
        : "Remove their prefix from “frozen”, or start from the checkpoint and re-initialize no layer.",
  });
}
