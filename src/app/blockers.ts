import { earlierBlockers } from "./earlier-blockers.ts";
import type { AppState } from "./state.ts";

/** What keeps a run from starting, said where it can be mended. */
export interface Blocker {
  card: "data" | "model" | "recipe";
  /** One or two sentences: what is missing, and what to do. */
  text: string;
}

/** Everything that keeps a run from starting, in the order of the cards; empty when Start is free. */
export function blockers(
  state: Pick<AppState, "data" | "earlier" | "model" | "textFile" | "recipe" | "rateSearch" | "estimate">,
): Blocker[] {
  const { data, model, textFile, recipe, rateSearch, estimate } = state;
  const found: Blocker[] = [];
  const add = (card: Blocker["card"], text: string) => found.push({ card, text });
  if (data.busy) add("data", "The data is still being read.");
  else if (!data.table) add("data", "No data is open. Drop a CSV file, or take the sample.");
  else if (!data.columns) {
    add("data", `Choose the text and the label column. ${data.table.guessProblem}`.trim());
  } else if (!data.summary) add("data", "The rows could not be read with these columns. Choose others.");
  else {
    const blocking = data.summary.findings.filter(({ severity }) => severity === "blocking");
    for (const { text, remedy } of blocking) add("data", `${text} ${remedy}`.trim());
  }
  const ofEarlier = earlierBlockers(state);
  found.push(...ofEarlier.filter(({ card }) => card === "data"));
  if (textFile.busy) add("data", "The text file is still being read.");
  if (model.busy) add("model", "The model is still being read.");
  else if (!model.summary) add("model", "No model is open. Drop a checkpoint, or take the starter model.");
  else if (recipe.maxLength > model.summary.maxPositions) {
    add(
      "recipe",
      `Max length is ${recipe.maxLength} tokens, but this model has ${model.summary.maxPositions} positions. Lower it.`,
    );
  }
  found.push(...ofEarlier.filter(({ card }) => card === "recipe"));
  if (rateSearch.progress) add("recipe", "Learning rates are being tried.");
  if (estimate.progress) add("recipe", "Memory and time are being estimated.");
  return found;
}
