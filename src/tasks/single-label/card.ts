import { cell, table } from "../../io/markdown.ts";
import { linesOf } from "../../metrics/confusion.ts";
import type { ClassScores, Report } from "../../metrics/report.ts";

/** The classes by name; of many the first. */
export function classesText(labelNames: readonly string[]): string {
  const { length } = labelNames;
  const named = labelNames.slice(0, mostNamed).map(cell).join(", ");
  return `Classes: ${length > mostNamed ? `${named} and ${length - mostNamed} more (\`config.json\` has all)` : named}.`;
}

/** Where probabilities are calibrated, as a sentence to add. */
export function temperatureText(temperature: number, hasThresholds: boolean): string {
  if (temperature === 1) return "";
  return (
    ` Tabtune divides the logits by the temperature ${temperature.toFixed(4)} (\`tabtune.temperature\` in the \`config.json\` of a ` +
    "whole model), fitted on the validation rows; the scores of transformers are those without it, and so are the " +
    `scores of the validation rows below.${hasThresholds ? "" : " The most probable class is the same."}`
  );
}

/** How classes with thresholds are predicted, in words and in Python. */
export function thresholdsText(
  thresholds: Record<string, number>,
  temperature: number,
): { words: string; python: string[] } {
  const all = Object.entries(thresholds);
  const shown = all
    .slice(0, mostNamed)
    .map(([name, threshold]) => `${cell(name)} from a probability of ${threshold.toFixed(4)} on`);
  const more = all.length > mostNamed ? ` and ${all.length - mostNamed} more` : "";
  const power = " ** (1 / temperature)";
  const python = [
    `thresholds = ${JSON.stringify(thresholds)}`,
    ...(temperature === 1 ? [] : [`temperature = ${temperature}`]),
    "",
    "def decide(scores):",
    ...(temperature === 1
      ? [`    p = {s["label"]: s["score"] for s in scores}`]
      : [
          `    total = sum(s["score"]${power} for s in scores)`,
          `    p = {s["label"]: s["score"]${power} / total for s in scores}`,
        ]),
    "    reached = [name for name in p if p[name] >= thresholds.get(name, 2)]",
    "    others = [name for name in p if name not in thresholds]",
    "    return max(reached or others or p, key=lambda name: p[name] / thresholds.get(name, 1))",
  ];
  const words =
    `Thresholds were set by hand: ${shown.join(", ")}${more} (\`tabtune.thresholds\` in the \`config.json\` of a whole ` +
    "model). Of several classes that reach theirs, the one that exceeds it by the largest factor is predicted; where none " +
    "does, the most probable class without a threshold. Scores of the rows that thresholds were chosen on are too good. " +
    "The pipeline of transformers gives the most probable class instead: ask it for all scores of a text (`top_k=None`) " +
    "and take `decide(scores)`. Tabtune does it by itself.";
  return { words, python };
}

/** The scores of all validation rows: a line, a table of classes, and the confusion matrix of a few. */
export function results(report: Report, labelNames: readonly string[]): string {
  const row = (name: string, scores: ClassScores) => [
    name,
    ...[scores.precision, scores.recall, scores.f1].map((value) => value.toFixed(4)),
    String(scores.support),
  ];
  const worst = shownClasses(report);
  const hidden = labelNames.length - worst.length;
  return [
    `Accuracy ${report.accuracy.toFixed(4)}, Matthews correlation ${report.matthews.toFixed(4)}, ` +
      `log loss ${report.logLoss.toFixed(4)}.`,
    table(
      ["Class", "Precision", "Recall", "F1", "Rows"],
      [
        ...worst.map((k) => row(cell(labelNames[k] ?? ""), report.classes[k] ?? unscored)),
        row("macro average", report.macro),
        row("micro average", report.micro),
        row("weighted average", report.weighted),
      ],
    ),
    ...(hidden > 0 ? [`The ${worst.length} classes of lowest F1; ${hidden} more are not listed.`] : []),
    ...confusion(report, labelNames),
  ].join("\n\n");
}

/** A card of thousands of classes is not read to its end. */
const mostNamed = 100;

/** The scores of a class without rows and predictions. */
const unscored: ClassScores = { precision: 0, recall: 0, f1: 0, support: 0 };

/** The classes of the table, in class order: all, or of many the validated ones of lowest F1. */
function shownClasses({ classes }: Report): number[] {
  const all = classes.map((_, k) => k);
  if (all.length <= mostNamed) return all;
  const key = (k: number) => (classes[k]?.support ? classes[k].f1 : 2);
  const worst = [...all].sort((a, b) => key(a) - key(b) || a - b).slice(0, mostNamed);
  return worst.sort((a, b) => a - b);
}

/** The confusion matrix; left out where it would be too wide to read. */
function confusion(report: Report, labelNames: readonly string[]): string[] {
  const classes = labelNames.length;
  if (classes > 20) return [];
  const all = labelNames.map((_, k) => k);
  const rows = linesOf(report.confusion, all, classes).map((line, k) => [
    cell(labelNames[k] ?? ""),
    ...line.map(String),
  ]);
  return [
    "Confusion matrix (rows are the true classes, columns the predicted ones):",
    table(["", ...labelNames.map(cell)], rows),
  ];
}
