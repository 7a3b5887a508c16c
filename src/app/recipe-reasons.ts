import { familyOfType } from "../families/registry.ts";
import {
  freezesSharedInPart,
  packedTargetsOf,
  sharesLayers,
  stayingRandom,
  unmatchedPrefixes,
  trainsNothing,
} from "../plan/weights.ts";
import { fieldsByLayer } from "../recipe/fields-by-layer.ts";
import { fields, type FieldName } from "../recipe/fields.ts";
import { defaultRecipe, type Recipe } from "../recipe/recipe.ts";
import { isRelevant } from "../recipe/relevance.ts";
import { tasks } from "../tasks/registry.ts";
import type { DataSummary, ModelSummary } from "../workers/protocol.ts";
import type { Place } from "./state.ts";
import { wholeText } from "./figures.ts";
import { rowsPerEpoch } from "../recipe/sampling.ts";
import { plainNumber } from "../recipe/wording.ts";
import { supportsOf } from "./tasks/setup-panels.ts";

type Reason = Place & { text: string };

/** Number of steps of the fine-tuning. */
function stepsOf({ batchSize, epochs, sampling }: Recipe, data: DataSummary): number {
  return Math.ceil(Math.ceil(rowsPerEpoch({ ...data, trainCounts: supportsOf(data) }, sampling) / batchSize) * epochs);
}

/** Values of the recipe that are impossible with this model and these rows. */
export function impossibleValues(
  recipe: Recipe,
  data: DataSummary | null,
  model: ModelSummary | null,
  hidesWords: boolean,
): Reason[] {
  const { maxLength, windowOverlap, warmupSteps, reinitializeLayers, frozen } = recipe;
  const found: Reason[] = [];
  const add = (field: FieldName, text: string) => {
    if (isRelevant(field, recipe, hidesWords)) found.push({ card: "recipe", field, text });
  };
  const name = (field: FieldName) => fields[field].label;
  if (model && maxLength > model.maxPositions) {
    add(
      "maxLength",
      `${name("maxLength")} is ${maxLength} tokens, but this model has ${model.maxPositions} positions. Lower it.`,
    );
  }
  // The special tokens of a row, at least two, are not a text's.
  if (recipe.longTexts === "windows" && 2 * windowOverlap >= maxLength - 2) {
    add(
      "windowOverlap",
      `${name("windowOverlap")}: ${windowOverlap} tokens are half a window of ${maxLength} or more. Enter at most ${Math.max(0, Math.ceil((maxLength - 2) / 2) - 1)}, or raise the max length.`,
    );
  }
  // Windows make more steps than rows alone, up to how many is known when the rows are tokenized.
  const steps = data && recipe.longTexts !== "windows" ? stepsOf(recipe, data) : null;
  if (steps !== null && warmupSteps !== null && warmupSteps > steps) {
    const share = "leave it empty to take the share";
    add(
      "warmupSteps",
      `${name("warmupSteps")}: ${wholeText(warmupSteps)} is more than the ${wholeText(steps)} steps of this run. Enter at most ${wholeText(steps)}, or ${share}.`,
    );
  }
  if (recipe.effort === "quick") {
    const task = tasks.find((one) => one.name === data?.task);
    const none = `${name("effort")}: there is no baseline`;
    if (task && !task.linearLoss) {
      add("effort", `${none} for this task, as it is a linear model on whole texts. Choose another effort.`);
    } else if (recipe.start === "random") {
      add("effort", `${none} where the weights start at random. Start from the checkpoint, or choose another effort.`);
    }
  }
  if (recipe.loraRank > 0) {
    const apart = "LoRA’s two matrices cannot be averaged separately. ";
    if (recipe.average !== "none")
      add("average", `${name("average")}: ${apart}Choose “None”, or set the LoRA rank to 0.`);
    if (recipe.ema > 0) add("ema", `${name("ema")}: ${apart}Set it to 0, or the LoRA rank.`);
  }
  if (recipe.l2sp > 0 && (recipe.loraRank > 0 || recipe.start === "random")) {
    const why =
      recipe.loraRank > 0 ? "with LoRA no weight of the checkpoint trains" : "nothing starts from the checkpoint";
    add("l2sp", `${name("l2sp")}: ${why}. Set it to 0.`);
  }
  if (!model) return found;
  if (reinitializeLayers > model.layers) {
    add(
      "reinitializeLayers",
      `${name("reinitializeLayers")}: ${reinitializeLayers} is more than the ${model.layers} layers of this model. Enter a whole number from 0 to ${model.layers}.`,
    );
  }
  if (recipe.pretrainEpochs > 0 && model.languageHead === "missing") {
    const { label } = familyOfType(model.family);
    add(
      "pretrainEpochs",
      `${name("pretrainEpochs")}: this ${label} checkpoint has no head that predicts words, and was not trained to predict them. Set it to 0, or open a checkpoint with such a head.`,
    );
  }
  for (const field of sharesLayers(model) ? fieldsByLayer : []) {
    if (recipe[field] === defaultRecipe[field]) continue;
    const off =
      typeof recipe[field] === "boolean" ? "Turn it off" : `Set it to ${plainNumber(defaultRecipe[field] as number)}`;
    add(field, `${name(field)}: the layers of this model share their weights. ${off}.`);
  }
  const packed = packedTargetsOf(model).filter((target) => recipe.loraTargets.includes(target));
  if (recipe.loraRank > 0 && packed.length > 0) {
    add(
      "loraTargets",
      `${name("loraTargets")}: this model has query, key and value in one matrix, beside which there is no LoRA here. Choose attention output, intermediate or output instead of ${packed.join(", ")}.`,
    );
  }
  const [unmatched] = unmatchedPrefixes(model, recipe);
  if (unmatched !== undefined) {
    add(
      "frozen",
      `${name("frozen")}: no parameter of this model begins with “${unmatched}”. Use prefixes such as “embeddings.” or “encoder.layer.0.”; its layers are 0 to ${model.layers - 1}.`,
    );
  } else if (freezesSharedInPart(model, recipe)) {
    add("frozen", `${name("frozen")}: the layers of this model share their weights. Freeze all of them, or none.`);
  } else if (frozen.length > 0 && trainsNothing(model, recipe)) {
    add("frozen", `${name("frozen")}: nothing is left to train. Remove a prefix.`);
  }
  return found;
}

/** Higher rates destroy the pretrained weights of any model. */
const highestSensibleRate = 0.01;

/** Values that can be trained with, but hardly ever should be. */
export function doubtfulValues(
  recipe: Recipe,
  data: DataSummary | null,
  model: ModelSummary | null,
  hidesWords: boolean,
): Reason[] {
  const found: Reason[] = [];
  const random = model && stayingRandom(recipe, model);
  if (random !== null) {
    const text = `The checkpoint has no ${random}, and LoRA does not train the random one made in its place. Set the pooling to “Mean of the tokens”.`;
    found.push({ card: "recipe", field: "pooling", text });
  }
  for (const field of ["learningRate", "pretrainLearningRate"] as const) {
    if (recipe[field] <= highestSensibleRate || !isRelevant(field, recipe, hidesWords)) continue;
    const text = `${fields[field].label}: ${plainNumber(recipe[field])} is far above the usual 1e-5 to 1e-3. The loss will most likely diverge.`;
    found.push({ card: "recipe", field, text });
  }
  const reads = isRelevant("batchSize", recipe, hidesWords) && recipe.longTexts !== "windows";
  if (data && reads && recipe.batchSize > data.trainRows) {
    const text = `${fields.batchSize.label}: ${wholeText(recipe.batchSize)} is more than the ${wholeText(data.trainRows)} training rows, so an epoch is a single step.`;
    found.push({ card: "recipe", field: "batchSize", text });
  }
  return found;
}
