import type { AppState } from "./state.ts";

/** What of an earlier task keeps a run from starting, by the card that can mend it. */
export interface EarlierBlocker {
  card: "data" | "recipe";
  text: string;
}

/**
 * Why a run cannot use the earlier task's file, or lacks it; in the order of the cards. Without the file only a recipe
 * that wants its rows is held back.
 */
export function earlierBlockers({
  earlier,
  model,
  recipe,
}: Pick<AppState, "earlier" | "model" | "recipe">): EarlierBlocker[] {
  const found: EarlierBlocker[] = [];
  const add = (card: EarlierBlocker["card"], text: string) => found.push({ card, text });
  const { choice, table, summary, busy } = earlier;
  if (busy) {
    add("data", "The earlier task’s file is still being read.");
    return found;
  }
  const noClassifier = classifierReason({ earlier, model });
  if (!choice) {
    const place = noClassifier ?? "Drop its file under “Earlier task” below.";
    if (recipe.ewc > 0 || recipe.rehearsal > 0) {
      add(
        "data",
        `Weight consolidation and rehearsal need rows of an earlier task. ${place} Or set both to 0 in the recipe.`,
      );
    }
    return found;
  }
  if (noClassifier) add("data", noClassifier);
  else if (!choice.columns) {
    add("data", `Choose the text and the label column of ${choice.source.name}. ${table?.guessProblem ?? ""}`.trim());
  } else if (model.summary && !summary) {
    add("data", `The rows of ${choice.source.name} could not be read. Choose other columns, or remove that file.`);
  }
  for (const { severity, text, remedy } of summary?.findings ?? []) {
    if (severity === "blocking") add("data", `${text} ${remedy}`.trim());
  }
  if (recipe.start === "random" || recipe.reinitializeLayers > 0) {
    add(
      "recipe",
      "The recipe starts layers anew, which would undo what the model has learnt of the earlier task. Start from the checkpoint with 0 layers anew, or remove the earlier task’s file.",
    );
  }
  if (model.summary?.labelNames && model.summary.pooling !== recipe.pooling) {
    add(
      "recipe",
      `The earlier task’s classifier reads rows pooled by “${model.summary.pooling}”. Set the pooling to that, or remove the earlier task’s file.`,
    );
  }
  return found;
}

/** Why the open model can have no earlier task, or null where it can or none is open. */
export function classifierReason({ earlier, model }: Pick<AppState, "earlier" | "model">): string | null {
  if (!model.summary || model.summary.labelNames) return null;
  const file = earlier.choice?.source.name;
  const mend = file ? `Open the model that was fine-tuned on ${file}, or remove that file.` : "Open one that has.";
  return `${model.summary.name} has no classifier of its own, so it has learnt no task that it could forget. ${mend}`;
}
