import { sliceReport, type SliceReport } from "../../insight/slices.ts";
import { heldOutText } from "../../recipe/held-out-by.ts";
import { fields, fieldNames } from "../../recipe/fields.ts";
import { defaultRecipe, sameField, type Recipe } from "../../recipe/recipe.ts";
import type { AnyReport, Metric } from "../../tasks/task.ts";
import type { ExportContents } from "../entries.ts";
import { chart, shortNumber, type Line } from "./curve-svg.ts";
import { escaped, paragraph, section, table } from "./html.ts";

/** What a report tells beside what an exported folder does. */
export interface ReportFacts extends Pick<ExportContents, "card" | "predictions"> {
  events: readonly object[];
  /** Slices of the validation rows, null where the task has none; by texts and labels alone where not given. */
  slices?: SliceReport | null;
}

/** Rows that came out wrong, at most. */
const MOST_ERRORS = 50;
const MOST_SLICES = 30;
const MOST_TEXT = 400;

/**
 * A report of a run as one HTML file for colleagues: data, split, recipe, figures with intervals, curves, errors, slices and
 * limits. It has no script and loads nothing; its own policy forbids both. Every text of the data is escaped.
 */
export function reportHtml(facts: ReportFacts): string {
  const { card } = facts;
  const slices = facts.slices === undefined ? textSlices(facts) : facts.slices;
  const title = `Report of ${card.name}`;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>`,
    `<style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>`,
    paragraph(overview(facts)),
    section("Figures", figuresTable(facts)),
    section("Curves", ...curves(facts)),
    slicesSection(slices),
    errorsSection(facts),
    section("Data and split", dataTable(facts)),
    section("Recipe", ...recipeTables(card.recipe)),
    section(
      "Limits",
      `<ul>${limits(facts, slices)
        .map((text) => `<li>${escaped(text)}</li>`)
        .join("")}</ul>`,
    ),
    `</main></body></html>\n`,
  ].join("\n");
}

/** Slices by length, label and word. */
function textSlices({ card, predictions: { task, rows, truth, scores } }: ReportFacts): SliceReport | null {
  const found = task.rowOutcomes?.(truth, scores, card.labelNames);
  if (!found) return null;
  const textOf = (row: number) => [rows[row]?.text, rows[row]?.pair].filter(Boolean).join("\n");
  const { labelsOf, outcomes } = found;
  return sliceReport({ rows: outcomes.values.length, textOf, labelsOf, columns: [] }, outcomes);
}

function overview({ card }: ReportFacts): string {
  const [metric] = card.task.metrics;
  const value = valueText(metric, metric.of(card.report));
  return `A ${card.task.card.noun}, trained from ${card.baseModel} on ${card.dataName}: ${metric.name} ${value} on ${card.report.rows} validation rows.`;
}

function figuresTable({ card }: ReportFacts): string {
  const { task, report, intervals } = card;
  const rows = task.metrics.map((metric) => {
    const interval = intervals?.of[metric.key];
    const ends = interval ? `${valueText(metric, interval[0])} to ${valueText(metric, interval[1])}` : "–";
    return [metric.label, valueText(metric, metric.of(report)), ends];
  });
  return table(`Figures on ${report.rows} validation rows`, ["Figure", "Value", "95 % interval"], rows);
}

function valueText({ kind }: Pick<Metric, "kind">, value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (kind === "share") return `${(100 * value).toFixed(1)} %`;
  return kind === "score" ? value.toFixed(3) : shortNumber(value);
}

/** What of a run's events is drawn. */
interface StepLoss {
  step: number;
  loss: number;
}
interface Evaluation {
  scope: string;
  step: number;
  report: AnyReport;
}

const isStep = (event: object): event is StepLoss => "type" in event && event.type === "step";
const isEvaluation = (event: object): event is Evaluation => "type" in event && event.type === "evaluation";

function curves({ events, card: { task } }: ReportFacts): string[] {
  const evaluations = events.filter(isEvaluation).filter(({ scope }) => scope !== "baseline");
  const ofMetric = (metric: Metric, name: string): Line => ({
    name,
    points: evaluations.map(({ step, report }) => [step, metric.of(report)]),
    marked: true,
  });
  const training: Line = { name: "training, smoothed", points: smoothed(events.filter(isStep)) };
  const [lead] = task.metrics;
  const charts = [
    chart("Loss", [training, ofMetric(task.loss, `validation ${task.loss.name}`)]),
    ...(lead.key === task.loss.key ? [] : [chart(lead.label, [ofMetric(lead, `validation ${lead.name}`)])]),
  ].filter((one) => one !== "");
  return charts.length > 0 ? charts : [paragraph("The model was fitted without steps of training.")];
}

/** A debiased exponential mean over the steps. */
function smoothed(steps: readonly StepLoss[]): [number, number][] {
  let [sum, weight] = [0, 0];
  return steps
    .filter(({ loss }) => Number.isFinite(loss))
    .map(({ step, loss }) => {
      [sum, weight] = [0.9 * sum + 0.1 * loss, 0.9 * weight + 0.1];
      return [step, sum / weight];
    });
}

function slicesSection(slices: SliceReport | null): string {
  if (!slices || slices.slices.length === 0) return "";
  const text = ({ value, low, high }: { value: number; low: number; high: number }) =>
    slices.figure === "accuracy"
      ? `${(100 * value).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`
      : `${shortNumber(value)} (${shortNumber(low)} to ${shortNumber(high)})`;
  const header = ["Slice", "Rows", `${slices.figure}, 95 % interval`];
  const rows = [
    ...slices.slices.slice(0, MOST_SLICES).map((slice) => [slice.name, String(slice.rows), text(slice)]),
    ["all rows", String(slices.overall.rows), text(slices.overall)],
  ];
  const candidates = slices.candidates.map((one) => [
    one.name,
    String(one.rows),
    String(one.wrong),
    shortNumber(one.corrected),
  ]);
  return section(
    "Slices, worst first",
    table("Slices of the validation rows", header, rows),
    candidates.length === 0
      ? paragraph(`None of ${slices.tested} words and values is more frequent among wrong rows than chance explains.`)
      : table(
          `Words and values that are frequent among wrong rows, of ${slices.tested} tested`,
          ["Candidate", "Rows", "Wrong", "p, corrected (Benjamini and Hochberg)"],
          candidates,
        ),
  );
}

function errorsSection({ card, predictions }: ReportFacts): string {
  const { task, rows, truth, scores } = predictions;
  const found = task.rowOutcomes?.(truth, scores, card.labelNames);
  if (!found) return "";
  const { kind, values } = found.outcomes;
  const all = Array.from(values.keys());
  const wrong =
    kind === "right"
      ? all.filter((row) => values[row] === 0)
      : all.toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const { header, cellsOf } = task.predictionColumns(truth, scores, card.labelNames);
  // Probabilities of every class would be wider than any page.
  const columns = header.slice(0, 4);
  const lines = wrong.slice(0, MOST_ERRORS).map((row) => {
    const { line, text, pair } = rows[row] ?? { line: NaN, text: "", pair: null };
    const cells = cellsOf(row).slice(0, columns.length);
    const texts = [text, ...(pair === null ? [] : [pair])].map(shortened).join(" ⁄ ");
    return [String(line), ...cells.map((cell) => (typeof cell === "number" ? shortNumber(cell) : cell)), texts];
  });
  const what =
    kind === "right"
      ? `${wrong.length} of ${all.length} validation rows came out wrong`
      : `The largest of ${all.length} errors`;
  const first = wrong.length > MOST_ERRORS ? `; the first ${MOST_ERRORS} are shown` : "";
  if (lines.length === 0) return section("Errors", paragraph(`${what}.`));
  return section("Errors", table(`${what}${first}`, ["Line", ...columns, "Text"], lines));
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > MOST_TEXT ? `${characters.slice(0, MOST_TEXT).join("")} …` : text;
}

function dataTable({ card }: ReportFacts): string {
  const { dataName, trainRows, copies = 0, report, labelNames, recipe, heldOutBy, task } = card;
  const names = labelNames.slice(0, 100).join(", ");
  const split = heldOutBy
    ? heldOutText(heldOutBy)
    : `${Math.round(100 * recipe.validationShare)} % held out where no file of validation rows was given, seed ${recipe.seed}`;
  return table(
    "Data and split",
    ["Fact", "Value"],
    [
      ["Data", dataName],
      ["Task", `${task.name}: ${task.targets}`],
      ["Training rows", copies === 0 ? String(trainRows) : `${trainRows}, and ${copies} changed copies of them`],
      ["Validation rows", String(report.rows)],
      ["Split", split],
      ["Labels", labelNames.length > 100 ? `${names}, … (${labelNames.length})` : names],
      ["Checkpoint", card.baseModel],
      ["Weights", `${card.weights}, step ${card.step}`],
    ],
  );
}

function recipeTables(recipe: Recipe): string[] {
  const changed = fieldNames.filter((name) => !sameField(recipe, defaultRecipe, name));
  const rows = changed.map((name) => [fields[name].label, written(recipe[name]), written(defaultRecipe[name])]);
  return [
    rows.length === 0
      ? paragraph("All fields of the recipe have their defaults.")
      : table("Fields that differ from their defaults", ["Field", "Value", "Default"], rows),
    `<details><summary>The whole recipe</summary><pre>${escaped(JSON.stringify(recipe, null, 2))}</pre></details>`,
  ];
}

const written = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function limits({ card }: ReportFacts, slices: SliceReport | null): string[] {
  const { report, heldOutBy, recipe } = card;
  return [
    `All figures are of ${report.rows} validation rows of the same source as the training rows. Texts from elsewhere may come out worse.`,
    ...(report.rows < 200
      ? ["With fewer than 200 validation rows the intervals are wide: small differences mean nothing."]
      : []),
    "The weights were chosen by these validation rows, so the figures flatter a little; only rows that were never looked at say how the model does.",
    ...(heldOutBy ? [] : ["Rows were held out at random: near copies of a text may stand on both sides."]),
    `Texts longer than ${recipe.maxLength} tokens are read ${recipe.longTexts === "windows" ? "in windows" : "in part"}.`,
    ...(slices ? ["Slices and candidates were looked for on these very rows: confirm them on others."] : []),
    "The report holds texts of the data. Whoever gets it can read them.",
  ];
}

const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1b1e22,#e6e8eb);--ground:light-dark(#fff,#17191c);--hairline:light-dark(#d5d9de,#3b3f45);--quiet:light-dark(#52585f,#b3b9c1);--a:light-dark(#0072b2,#3a9fdc);--b:light-dark(#b84f00,#f07a2a)}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:920px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:26px;line-height:1.25;overflow-wrap:anywhere}h2{font-size:19px;margin:36px 0 10px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
caption{text-align:left;color:var(--quiet);padding:4px 0}
th,td{text-align:left;vertical-align:top;padding:4px 10px 4px 0;border-bottom:1px solid var(--hairline);overflow-wrap:anywhere;white-space:pre-wrap}
thead th{white-space:normal}tbody th{font-weight:500}
.scroll{overflow-x:auto}figure{margin:0 0 8px}figcaption{font-size:14px;color:var(--quiet)}
svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:var(--quiet)}
.grid{stroke:var(--hairline)}.line{fill:none;stroke-width:2}.line-0,.mark-0{stroke:var(--a)}.line-1,.mark-1{stroke:var(--b);stroke-dasharray:7 3}
.mark{fill:var(--ground);stroke-dasharray:none;stroke-width:2}
.key{margin-left:12px;padding-left:22px;background:linear-gradient(var(--a),var(--a)) left center/16px 2px no-repeat}.key-1{background-image:repeating-linear-gradient(90deg,var(--b) 0 5px,transparent 5px 8px)}
summary{cursor:pointer;min-height:24px}pre{overflow:auto;font-size:13px}
@media print{details{display:none}}
`.replaceAll("\n", "");
