import { withTask } from "../recipe/relevance.ts";
import type { ColumnChoice } from "../workers/protocol.ts";
import { draftReasons } from "./drafts.ts";
import { earlierBlockers } from "./earlier-blockers.ts";
import { doubtfulValues, impossibleValues } from "./recipe-reasons.ts";
import { hasEarlierTexts, type AppState, type Place } from "./state.ts";

/** A reason that keeps a run from starting, with the place where it can be fixed. */
export interface Blocker extends Pick<Place, "field"> {
  /** Null where no card of this page can fix it. */
  card: Place["card"] | null;
  /** One or two sentences: what is missing, and what to do. */
  text: string;
}

type Known = Pick<
  AppState,
  | "data"
  | "earlier"
  | "model"
  | "textFile"
  | "recipe"
  | "drafts"
  | "folds"
  | "curve"
  | "noise"
  | "rateSearch"
  | "estimate"
  | "machine"
  | "trainsElsewhere"
>;

/** All reasons that keep a run from starting, in the order of the cards; empty when Start is enabled. */
export function blockers(state: Known): Blocker[] {
  const { model, textFile, drafts, rateSearch, estimate, machine, trainsElsewhere } = state;
  const recipe = withTask(state.recipe, state.data.summary?.task);
  const hidesWords = hasEarlierTexts(state);
  const found = dataBlockers(state);
  const add = (card: Blocker["card"], text: string, field?: string) =>
    found.push(field === undefined ? { card, text } : { card, text, field });
  const ofEarlier = earlierBlockers(state);
  found.push(...ofEarlier.filter(({ card }) => card === "data"));
  if (textFile.busy) add("data", "The text file is still being read.");
  else if (recipe.pretrainEpochs > 0 && textFile.wanted && !textFile.summary) {
    const text = "Texts to pretrain on are to come from a text file, but none is open. Drop it, or take the table’s.";
    add("data", text, "pretrain-texts");
  }
  if (model.busy) add("model", "The model is still being read.");
  else if (!model.summary) {
    add("model", "No model is open. Drop a checkpoint, or take the starter model.", "model-file");
  }
  found.push(...draftReasons(drafts, recipe, hidesWords));
  const summary = model.busy ? null : model.summary;
  for (const reason of impossibleValues(recipe, state.data.summary, summary, hidesWords)) {
    // A draft in the field counts before its last valid value, and has its own reason.
    if (!found.some(({ field }) => field === reason.field)) found.push(reason);
  }
  found.push(...ofEarlier.filter(({ card }) => card === "recipe"));
  if (state.noise.progress) add("data", "Labels in doubt are being looked for.");
  if (state.curve.progress) add("recipe", "A learning curve is being made.");
  if (rateSearch.progress) add("recipe", "Learning rates are being tried.");
  if (estimate.progress) add("recipe", "Memory and time are being estimated.");
  if (machine.progress) add("recipe", "This machine is being measured.");
  if (trainsElsewhere) {
    add(null, "Another tab of this browser trains. Wait until its run ends, or stop it there.");
  }
  return found;
}

/** Reasons that do not keep a run from starting, but will most likely spoil it. */
export function warnings(state: Pick<AppState, "data" | "earlier" | "model" | "recipe">): Blocker[] {
  const { summary } = state.data;
  return doubtfulValues(withTask(state.recipe, summary?.task), summary, state.model.summary, hasEarlierTexts(state));
}

function dataBlockers({ data, folds }: Known): Blocker[] {
  const found: Blocker[] = [];
  const add = (text: string, field?: string) =>
    found.push(field === undefined ? { card: "data", text } : { card: "data", text, field });
  const { table, columns, summary } = data;
  if (data.busy) {
    add("The data is still being read.");
    return found;
  }
  if (!table) {
    add("No data is open. Drop a table, or take the sample.", "data-file");
    return found;
  }
  const clash = columns && columnClash(table.columns, columns);
  if (!columns) add(`Choose the text and the label column. ${table.guessProblem}`.trim(), "columns");
  else if (clash) add(clash, "columns");
  else if (!summary) add("The rows could not be read with these columns. Choose others.", "columns");
  else {
    const blocking = summary.findings.filter(({ severity }) => severity === "blocking");
    for (const { text, remedy } of blocking) add(`${text} ${remedy}`.trim());
  }
  if (data.wantsValidationFile && !data.validationTable) {
    add(
      "Validation rows are to come from a second file, but none is open. Drop it, or split off a share.",
      "validation",
    );
  }
  if (folds.isOn && data.validationTable) {
    add("Folds are made of the table’s own rows. Remove the validation file, or turn cross-validation off.", "folds");
  }
  if (folds.isOn && folds.repeats > 1 && typeof columns?.time === "number") {
    add("Folds by time are the same in each repeat. Choose 1 repeat, or no time column.", "folds");
  }
  if (data.wantsTestFile && !data.testTable) {
    add("Test rows are to come from a file, but none is open. Drop it, or choose another source.", "test");
  }
  return found;
}

/** Why two roles cannot have the same column; null where each role has its own. */
export function columnClash(names: readonly string[], columns: ColumnChoice): string | null {
  const { text, pair, label, moreLabels = [], group, time } = columns;
  const labels = [label, ...moreLabels];
  const clash = (first: string, second: string, column: number) =>
    `${first} and ${second} are the same column, “${names[column] ?? ""}”. Choose another column for one of them.`;
  if (labels.includes(text)) return clash("Text", "label", text);
  if (pair !== null && labels.includes(pair)) return clash("Second text", "label", pair);
  if (pair !== null && pair === text) return clash("Text", "second text", text);
  const read = [text, pair, ...labels];
  if (typeof group === "number" && read.includes(group)) return clash("The group", "text or label", group);
  if (typeof time === "number" && [...read, group].includes(time)) return clash("The time", "another role", time);
  return null;
}
