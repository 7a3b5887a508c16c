import type { Finding } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import { advised, balance, those } from "../remedies.ts";
import type { RunView } from "../view.ts";
import { counted, percent } from "../../recipe/wording.ts";

/** A class is rare when the largest class has at least this many times its rows. */
const RARE = 4;
/** A class is missed when at most this share of its rows is found. */
const MISSED = 0.1;
/** Least number of validation rows that measure the recall of a class. */
const LEAST_ROWS = 5;

/** A rare class is hardly ever found, and the classes are neither weighted nor sampled. */
export function imbalance({ curve, enough, recipe, data, labelNames, plan, ended }: RunView): Finding | null {
  const last = curve.at(-1);
  const { trainCounts } = data;
  // Rare classes are learned last, so the rule waits for at least an epoch.
  if (recipe.classWeights !== null || recipe.sampling !== "all" || !last || curve.length < enough) return null;
  if (last.step < plan.stepsPerEpoch || (!ended && last.step < plan.steps / 2)) return null;
  const most = trainCounts.reduce((a, b) => Math.max(a, b), 0);
  const recent = curve.slice(-enough);
  const missed = trainCounts.flatMap((count, k) => {
    const support = last.report.classes[k]?.support ?? 0;
    // Medians are computed only for classes that may matter: for thousands of classes they would take long.
    if (RARE * count > most || support < LEAST_ROWS) return [];
    const recall = median(recent.map(({ report }) => report.classes[k]?.recall ?? NaN));
    return recall <= MISSED ? [{ k, count, support, recall }] : [];
  });
  const worst = missed.sort((a, b) => a.recall - b.recall || a.count - b.count)[0];
  if (!worst) return null;

  const rest =
    missed.length > 1 ? ` The same is true of ${counted(missed.length - 1, "more class", "more classes")}.` : "";
  const sure = worst.support >= 4 * LEAST_ROWS;
  return {
    id: "imbalance",
    title: "A rare class is missed",
    text:
      `“${labelNames[worst.k] ?? worst.k}” has ${counted(worst.count, "training row")}, the largest class ` +
      `${most.toLocaleString("en-GB")}; over the last ${counted(enough, "evaluation")} ${percent(worst.recall)} of its ` +
      `${counted(worst.support, "validation row")} were found, and the classes are not weighted.${rest} ` +
      (sure ? "This is clear." : "With so few rows to measure it on, this is likely, not certain."),
    severity: "medium",
    certainty: sure ? "clear" : "likely",
    remedies: those(
      balance(recipe),
      recipe.bestBy === "accuracy"
        ? {
            text: "Accuracy hardly counts a rare class.",
            change: { patch: { bestBy: "macroF1" }, label: "Judge by macro F1" },
          }
        : null,
      advised("Add rows of this class, or merge it with one that is near.", "sizes-of-the-classes"),
    ),
    anchor: "imbalance",
  };
}
