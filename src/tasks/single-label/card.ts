import { cell, table } from "../../io/markdown.ts";
import { linesOf } from "../../metrics/confusion.ts";
import type { ClassScores, Report } from "../../metrics/report.ts";

/** The classes by name; of many the first. */
export function classesText(labelNames: readonly string[]): string {
  const { length } = labelNames;
  const named = labelNames.slice(0, mostNamed).map(cell).join(", ");
  return `Classes: ${length > mostNamed ? `${named} and ${length - mostNamed} more (\`config.json\` has all)` : named}.`;
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
