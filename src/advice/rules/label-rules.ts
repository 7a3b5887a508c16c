import type { MultiLabelReport } from "../../metrics/multi-label/report.ts";
import { counted, percent, quoted } from "../../recipe/wording.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { Finding, Remedy } from "../finding.ts";
import type { OtherEvaluation } from "../record.ts";
import { advised, balance, changed, epochs, those } from "../remedies.ts";
import { lastFull, type RunView } from "../view.ts";
import { score } from "../words.ts";

/** Fewer rows than this do not measure a label. */
const FEW_ROWS = 5;
/** From this number of rows on, a label that is never predicted is no accident. */
const SURE_ROWS = 20;
/** Least share of the labels that few rows measure. */
const MANY_RARE = 1 / 3;
/** Least share of the rows that have no label. */
const NEARLY_ALL = 0.8;
/** Recall below this share of precision shows that thresholds are too high. */
const LOW_RECALL = 0.6;
/** Average precision exceeds F1 by this much where the order of the rows is right and the threshold is not. */
const BETTER_ORDER = 0.15;

/** Rules for texts that may have several labels. */
export const labelRules = [neverPredicted, highThresholds, notValidated, rareLabels, mostlyUnlabelled] as const;

type Last = OtherEvaluation<MultiLabelReport>;
type Label = MultiLabelReport["classes"][number] & { name: string };

function labelsOf({ report }: Last, { labelNames }: RunView): Label[] {
  return report.classes.map((scores, label) => ({ ...scores, name: labelNames[label] ?? String(label) }));
}

const isNever = ({ support, matrix: [, falsely, , rightly] }: Label) => support >= FEW_ROWS && falsely + rightly === 0;

/** Labels that validation rows have, and that no row is given. */
function neverPredicted(view: RunView): Finding | null {
  const last = lastFull(view, view.others.labels);
  const never = last ? labelsOf(last, view).filter(isNever) : [];
  const [first] = never.sort((a, b) => b.support - a.support);
  if (!last || !first) return null;
  const { recipe } = view;
  const rest = never.length > 1 ? ` The same is true of ${counted(never.length - 1, "more label")}.` : "";
  const sure = first.support >= SURE_ROWS;
  return {
    id: "never-predicted",
    title: never.length === last.report.classes.length ? "No label is predicted" : "A label is never predicted",
    text:
      `${counted(first.support, "validation row")} of ${last.report.rows.toLocaleString("en-GB")} ` +
      `${first.support === 1 ? "has" : "have"} “${first.name}”, and at its threshold of ${first.threshold.toFixed(2)} ` +
      `the model gives it to none.${rest} ` +
      (sure ? "This is clear." : "With so few rows to measure it on, this is likely, not certain."),
    severity: "medium",
    certainty: sure ? "clear" : "likely",
    remedies: those(
      tuneThresholds(recipe),
      recipe.classWeights === null ? balance(recipe) : null,
      epochs(recipe, 2 * recipe.epochs, "Rare labels are learned last."),
      advised("Add rows with this label, or merge it with one that is near.", "labelling-what-is-not-labelled"),
    ),
    anchor: "multi-label",
  };
}

/** Labels are found in the right order of the rows, and too seldom. */
function highThresholds(view: RunView): Finding | null {
  const last = lastFull(view, view.others.labels);
  if (!last || view.recipe.thresholds !== "half" || labelsOf(last, view).some(isNever)) return null;
  const { micro, macro, macroAveragePrecision } = last.report;
  if (macroAveragePrecision === null || micro.recall >= LOW_RECALL * micro.precision) return null;
  if (macroAveragePrecision < macro.f1 + BETTER_ORDER) return null;
  return {
    id: "high-thresholds",
    title: "Labels are given too seldom",
    text:
      `Of the labels that are there ${percent(micro.recall)} are found, of those that are given ` +
      `${percent(micro.precision)} are right; mean average precision, which needs no threshold, is ` +
      `${score(macroAveragePrecision)}, and macro F1 ${score(macro.f1)}. It is likely that lower thresholds give a better F1.`,
    severity: "medium",
    certainty: "likely",
    remedies: those(
      tuneThresholds(view.recipe),
      view.recipe.classWeights === null ? balance(view.recipe) : null,
      epochs(view.recipe, 2 * view.recipe.epochs, "Probabilities of rare labels rise late."),
    ),
    anchor: "multi-label",
  };
}

/** Labels that no validation row has. */
function notValidated(view: RunView): Finding | null {
  const last = lastFull(view, view.others.labels);
  const absent = last ? labelsOf(last, view).filter(({ support }) => support === 0) : [];
  if (!last || absent.length === 0) return null;
  const one = absent.length === 1;
  return {
    id: "label-not-validated",
    title: one ? "A label is not measured" : "Some labels are not measured",
    text:
      `No validation row has ${quoted(absent.map(({ name }) => name))}. It is certain that ${one ? "its F1 counts" : "their F1s count"} ` +
      "as 0 in macro F1, whatever the model has learned.",
    severity: "low",
    certainty: "clear",
    remedies: those(
      moreValidation(view.recipe),
      byMicro(view.recipe),
      advised("Add rows with these labels, or leave them out.", "labelling-what-is-not-labelled"),
    ),
    anchor: "multi-label",
  };
}

/** Many labels that a few validation rows have. */
function rareLabels(view: RunView): Finding | null {
  const last = lastFull(view, view.others.labels);
  const labels = last ? labelsOf(last, view) : [];
  const rare = labels.filter(({ support }) => support > 0 && support < FEW_ROWS);
  if (!last || rare.length === 0 || rare.length < MANY_RARE * labels.length) return null;
  return {
    id: "rare-labels",
    title: "Few rows measure many labels",
    text:
      `${rare.length} of ${counted(labels.length, "label")} are on fewer than ${FEW_ROWS} validation rows: ` +
      `${quoted(rare.map(({ name }) => name))}. It is clear that macro F1 then depends on a few rows.`,
    severity: "low",
    certainty: "clear",
    remedies: those(
      moreValidation(view.recipe),
      byMicro(view.recipe),
      advised("Add rows with these labels, or merge labels that are near.", "labelling-what-is-not-labelled"),
    ),
    anchor: "multi-label",
  };
}

/** Nearly all rows without a label. */
function mostlyUnlabelled(view: RunView): Finding | null {
  const last = lastFull(view, view.others.labels);
  if (!last || last.report.rows === 0) return null;
  const { rows, micro, subsetAccuracy } = last.report;
  // A row may have several of the labels, so this is the least number of rows without one.
  const without = 1 - micro.support / rows;
  if (without < NEARLY_ALL) return null;
  const { recipe } = view;
  return {
    id: "mostly-unlabelled",
    title: "Nearly all rows have no label",
    text:
      `At least ${percent(without)} of the validation rows have no label: a model that gives none is right on those. ` +
      `All labels are right in ${percent(subsetAccuracy)} of the rows, and macro F1 is ${score(last.report.macro.f1)}. ` +
      "It is clear that F1 is the figure to read; whether the rows really have no label depends on who marked them.",
    severity: "low",
    certainty: "clear",
    remedies: those(
      recipe.bestBy === "subsetAccuracy"
        ? changed(recipe, { bestBy: "macroF1" }, "Judge by macro F1", "Rows without a label hardly count in it.")
        : null,
      recipe.classWeights === null ? balance(recipe) : null,
      tuneThresholds(recipe),
      advised(
        "Leave out rows that nobody looked at: they teach the model that the labels are absent.",
        "changing-rows",
      ),
    ),
    anchor: "multi-label",
  };
}

function tuneThresholds(recipe: Recipe): Remedy | null {
  const text = "For each label the threshold with the best F1 on the training rows.";
  return changed(recipe, { thresholds: "bestF1" }, "Tune the thresholds", text);
}

function byMicro(recipe: Recipe): Remedy | null {
  if (recipe.bestBy !== "macroF1") return null;
  return changed(recipe, { bestBy: "microF1" }, "Judge by micro F1", "It counts every label of every row once.");
}

function moreValidation(recipe: Recipe): Remedy | null {
  if (recipe.validationShare >= 0.3) return null;
  return changed(recipe, { validationShare: 0.3 }, "Hold out 30 % of the rows", "Where no validation file is given.");
}
