import type { Recipe } from "../recipe/recipe.ts";
import type { Task } from "./task.ts";

/** What a checkpoint's own head is for, and the names of its outputs. */
interface OwnHead {
  kind: string;
  classes: readonly string[] | null;
  /** Why it cannot be used; null where it can. */
  obstacle: string | null;
}

/** The names of the outputs of a checkpoint's head that already does the task; null of any other head. */
export function outputsFor({ name }: Pick<Task, "name">, head: OwnHead): readonly string[] | null {
  return head.kind === name && head.obstacle === null ? head.classes : null;
}

/** What transformers calls an output that config.json does not name. */
const UNNAMED = "LABEL_0";

/**
 * For each label its output of the checkpoint's head, in whatever order that has them; null where it is for other labels.
 * A head of one output without a name is for any one label.
 */
export function keptOutputs(own: readonly string[] | null, labelNames: readonly string[]): number[] | null {
  if (own?.length !== labelNames.length) return null;
  if (own.length === 1 && own[0] === UNNAMED) return [0];
  const places = new Map(own.map((name, place) => [name, place]));
  const outputs = labelNames.map((name) => places.get(name) ?? -1);
  return outputs.every((output) => output >= 0) ? outputs : null;
}

/** Where the numbers of a new head come from; LoRA's folder has no dense layer that could start with a probe. */
export function headSource(
  { headStart, start, loraRank }: Pick<Recipe, "headStart" | "start" | "loraRank">,
  { linearLoss }: Pick<Task, "linearLoss">,
): "probe" | "random" {
  return headStart === "probe" && start === "checkpoint" && loraRank === 0 && linearLoss ? "probe" : "random";
}

/** What a run is about to train. */
interface WantedHead {
  task: Pick<Task, "name" | "asks">;
  labelNames: readonly string[];
  recipe: Pick<Recipe, "start" | "reinitializeLayers" | "pooling">;
}

/**
 * Why a run starts with a new head: the checkpoint has none of its task, the recipe makes a new one, the own one reads rows
 * pooled in another way, or is for other labels. Null where the checkpoint's own is kept.
 */
export function newHeadReason(
  { head, pooling }: { head: OwnHead; pooling: Recipe["pooling"] },
  { task, labelNames, recipe }: WantedHead,
): "missing" | "reinitialized" | "pooling" | "labels" | null {
  const own = outputsFor(task, head);
  if (own === null) return "missing";
  if (recipe.start === "random" || recipe.reinitializeLayers > 0) return "reinitialized";
  // A head of words reads no rows.
  if (task.asks !== "words" && recipe.pooling !== pooling) return "pooling";
  return keptOutputs(own, labelNames) === null ? "labels" : null;
}

/** In brackets, how the labels of a head that is not kept differ from those of the rows, where both mean the same; else "". */
export function spellingNote(
  { otherSpelling }: Pick<Task, "name" | "otherSpelling">,
  { classes }: OwnHead,
  labelNames: readonly string[],
): string {
  const clause = otherSpelling?.(classes ?? [], labelNames) ?? null;
  return clause === null ? "" : ` (${clause})`;
}
