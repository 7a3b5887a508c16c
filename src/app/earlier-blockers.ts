import type { AppState } from "./state.ts";

/** A reason of an earlier task that keeps a run from starting, with the card where it can be fixed. */
interface EarlierBlocker {
  card: "data" | "recipe";
  text: string;
}

type Known = Pick<AppState, "earlier" | "model" | "recipe">;

/**
 * Why a run cannot use the earlier task's file, or lacks it, in the order of the cards. A missing file matters only
 * where the recipe needs its rows.
 */
export function earlierBlockers(state: Known): EarlierBlocker[] {
  const { earlier, recipe } = state;
  const { choice, busy } = earlier;
  if (busy) return [{ card: "data", text: "The earlier task’s file is still being read." }];
  if (!choice) {
    const text = missingReason(state);
    return text === null ? [] : [{ card: "data", text }];
  }
  const reinitializes: EarlierBlocker = {
    card: "recipe",
    text: "The recipe re-initializes layers, which would undo what the model has learned of the earlier task. Start from the checkpoint and re-initialize 0 layers, or remove the earlier task’s file.",
  };
  const startsFromRandom = recipe.start === "random" || recipe.reinitializeLayers > 0;
  const [ofData, ofRecipe] = choice.kind === "rows" ? rowsReasons(state) : textsReasons(state);
  return [
    ...ofData.map((text) => ({ card: "data" as const, text })),
    ...(startsFromRandom ? [reinitializes] : []),
    ...ofRecipe.map((text) => ({ card: "recipe" as const, text })),
  ];
}

/** Why the open model cannot have rows of an earlier task; null where it can, and where no model is open. */
export function classifierReason({ earlier, model }: Pick<AppState, "earlier" | "model">): string | null {
  if (!model.summary || model.summary.labelNames) return null;
  const file = earlier.choice?.source.name;
  const remedy = file ? `Open the model that was fine-tuned on ${file}, or remove that file.` : "Open one that has.";
  return `${model.summary.name} has no classifier of its own, so it has learned no task that it could forget. ${remedy}`;
}

function missingReason(state: Known): string | null {
  const { ewc, rehearsal } = state.recipe;
  if (ewc === 0 && rehearsal === 0) return null;
  const noClassifier = classifierReason(state);
  const place = noClassifier ?? "Drop its file under “Earlier task” below.";
  if (rehearsal > 0) {
    return `Weight consolidation and rehearsal need rows of an earlier task. ${place} Or set both to 0 in the recipe.`;
  }
  const texts = noClassifier ? " Plain texts work with any model." : "";
  return `Weight consolidation needs an earlier task. ${place}${texts} Or set it to 0 in the recipe.`;
}

/** What is wrong with the earlier task's rows, in the data and in the recipe. */
function rowsReasons({ earlier, model, recipe }: Known): [data: string[], recipe: string[]] {
  const { choice, table, summary } = earlier;
  const name = choice?.source.name ?? "";
  const data: string[] = [];
  const noClassifier = classifierReason({ earlier, model });
  if (noClassifier) data.push(noClassifier);
  else if (!choice?.columns) {
    data.push(`Choose the text and the label column of ${name}. ${table?.guessProblem ?? ""}`.trim());
  } else if (model.summary && !summary) {
    data.push(`The rows of ${name} could not be read. Choose other columns, or remove that file.`);
  }
  for (const { severity, text, remedy } of summary?.findings ?? []) {
    if (severity === "blocking") data.push(`${text} ${remedy}`.trim());
  }
  if (!model.summary?.labelNames || model.summary.pooling === recipe.pooling) return [data, []];
  const pooling = `The earlier task’s classifier reads rows pooled by “${model.summary.pooling}”. Set the pooling to that, or remove the earlier task’s file.`;
  return [data, [pooling]];
}

/** What is wrong with the earlier task's texts, in the data and in the recipe. */
function textsReasons({ earlier, model, recipe }: Known): [data: string[], recipe: string[]] {
  const name = earlier.choice?.source.name ?? "";
  const data: string[] = [];
  if (!earlier.split) data.push(`The texts of ${name} could not be used. Remove that file, or drop another.`);
  if (model.summary?.languageHead === "missing") {
    data.push(
      `${model.summary.name} has no head that predicts words of texts. Remove ${name}, or open a checkpoint with one.`,
    );
  }
  if (model.summary?.languageHead === null) {
    data.push(
      `${model.summary.name} has no mask token, so it cannot predict words of texts. Remove ${name}, or open a checkpoint with its own tokenizer.`,
    );
  }
  if (recipe.rehearsal === 0) return [data, []];
  return [
    data,
    [
      "Rehearsal repeats labelled rows, and the earlier task’s file holds plain texts. Set rehearsal to 0, or use a file of rows.",
    ],
  ];
}
