import type { EncodedDataset } from "../data/rows.ts";
import { readTensors } from "../gpu/read-back.ts";
import type { Classifier } from "../model/classifier.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { headSource, newHeadReason } from "../tasks/kept-head.ts";
import type { TrainedTask } from "../tasks/task.ts";
import type { RunControl } from "../train/control.ts";
import type { ProbeEvent } from "../train/events.ts";
import type { LinearModel } from "../train/probe/linear-model.ts";
import { startHead, type StartedLayer } from "../train/probe/head-start.ts";
import type { OpenedModel } from "./open-model.ts";
import { capacityOf } from "./score.ts";

/** What decides how the head of a run starts; see `RunInput`. */
interface HeadStartInput {
  recipe: Recipe;
  labelNames: readonly string[];
  train: EncodedDataset;
}

/**
 * Whether the run makes a new head that starts from a probe: one that the checkpoint has for these labels is kept, and a
 * run of the baseline alone has no use for it.
 */
export function startsFromProbe(
  task: TrainedTask,
  {
    opened,
    recipe,
    labelNames,
  }: Pick<HeadStartInput, "recipe" | "labelNames"> & { opened: Pick<OpenedModel, "summary"> },
): boolean {
  const isNew = newHeadReason(opened.summary, { task, labelNames, recipe }) !== null;
  return isNew && recipe.effort !== "quick" && headSource(recipe, task) === "probe";
}

/** Starts the head from a probe, see `startHead`. */
export async function* headFromProbe(
  model: Classifier,
  task: TrainedTask,
  { recipe: { seed }, labelNames, train }: HeadStartInput,
  control: RunControl,
): AsyncGenerator<ProbeEvent, LinearModel | null> {
  const layers: StartedLayer[] = [];
  for (const { weight, bias, activation, norm } of model.headLayers) {
    const [scale, shift] = norm ? await readTensors([norm.weight.value, norm.bias.value]) : [];
    const epsilon = model.config.layerNormEpsilon;
    layers.push({ weight, bias, activation, norm: scale ? { scale, shift: shift ?? null, epsilon } : null });
  }
  const data = { task, train, labelNames, seed, capacity: capacityOf(train) };
  return yield* startHead(model, layers, data, control);
}
