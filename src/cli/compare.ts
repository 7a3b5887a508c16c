import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openTable, type Table } from "../data/table.ts";
import { fileSource } from "../io/node-file.ts";
import { mcnemarOf } from "../metrics/mcnemar.ts";
import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";
import { comparedText } from "../tasks/compared-models.ts";
import { print } from "./output.ts";

const USAGE = `npm run -s tabtune -- compare A B

Compares two models by their predictions of the same rows with McNemar's exact test. A and B are predictions.csv files, or
folders that fit wrote. Prints one JSON object: {"rows", "both", "onlyFirst", "onlySecond", "neither", "p"}; the same in
words goes to standard error. Classes, labels of a text (all of them) and its entities are right or wrong; numbers are
not, and cannot be compared so.`;

/** Whether a row of predictions.csv is right, and what it was compared with. */
interface PredictedRow {
  truth: string;
  isRight: boolean;
}

/** `tabtune compare`. */
export async function compare(args: string[]): Promise<void> {
  const options = { help: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return console.error(USAGE);
  const [first, second, ...more] = positionals.map(fileOf);
  if (first === undefined || second === undefined || more.length > 0) throw notTwo(positionals.length);
  const [own, other] = [await predictedRows(first), await predictedRows(second)];
  const shared = [...own.keys()].filter((key) => other.has(key));
  const pairs = shared.map((key) => [own.get(key), other.get(key)] as const);
  if (pairs.length === 0 || pairs.some(([a, b]) => a?.truth !== b?.truth)) throw otherRows(first, second, pairs.length);
  const rightOf = (place: 0 | 1) => pairs.map((pair) => pair[place]?.isRight ?? false);
  const [inFirst, inSecond] = [rightOf(0), rightOf(1)];
  const test = mcnemarOf(inFirst, inSecond);
  const both = inFirst.filter((isRight, row) => isRight && inSecond[row]).length;
  const neither = pairs.length - both - test.onlyFirst - test.onlySecond;
  const left = own.size + other.size - 2 * shared.length;
  if (left > 0) console.error(`${counted(left, "row is", "rows are")} in one of the files alone, and left out.`);
  console.error(`${counted(pairs.length, "row")}. ${comparedText(test, first, second)}`);
  await print(`${JSON.stringify({ rows: pairs.length, both, ...test, neither })}\n`);
}

/** The predictions of a run's folder, or the file itself. */
function fileOf(path: string): string {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  if (!isFolder) return path;
  const places = [join(path, "model", "predictions.csv"), join(path, "predictions.csv")];
  return places.find((place) => existsSync(place)) ?? join(path, "predictions.csv");
}

/** The rows of a predictions.csv by their line and texts. */
async function predictedRows(path: string): Promise<Map<string, PredictedRow>> {
  const table = await openTable(await fileSource(path), { header: true });
  const truths = ["label", "labels", "entities"].find((name) => table.columns.includes(name));
  if (truths === undefined || !table.columns.includes("predicted")) throw noPredictions(path);
  if (table.columns.includes("residual")) throw numbersAre(path);
  const keys = ["line", "text", "second_text"].filter((name) => table.columns.includes(name));
  const all = new Map<string, PredictedRow>();
  for (let row = 0; row < table.rowCount; row++) {
    const cell = (name: string) => cellOf(table, name, row);
    const truth = cell(truths);
    const isRight = table.columns.includes("right")
      ? cell("right") === "1"
      : sameAnswer(truth, cell("predicted"), truths === "labels");
    all.set(JSON.stringify(keys.map(cell)), { truth, isRight });
  }
  return all;
}

function cellOf({ columns, cells }: Table, name: string, row: number): string {
  return cells[columns.indexOf(name)]?.at(row) ?? "";
}

/** Lists of labels are the same in any order. */
function sameAnswer(truth: string, predicted: string, areLists: boolean): boolean {
  if (!areLists) return truth === predicted;
  const sorted = (cell: string) => JSON.stringify((JSON.parse(cell || "[]") as string[]).sort());
  return sorted(truth) === sorted(predicted);
}

function notTwo(count: number): Problem {
  return new Problem({
    found: `${counted(count, "file was", "files were")} given.`,
    expected: "Two files of predictions, or folders of runs, were expected.",
    remedy: "Name both: compare out/a/model/predictions.csv out/b/model/predictions.csv",
  });
}

function noPredictions(path: string): Problem {
  return new Problem({
    found: `${path} has no columns of true and predicted labels.`,
    expected: "The predictions.csv of a run was expected.",
    remedy: "It is in the folder “model” that fit writes, and in the download of the page.",
  });
}

function numbersAre(path: string): Problem {
  return new Problem({
    found: `${path} has predicted numbers, which are not right or wrong.`,
    expected: "Predictions of classes, labels or entities were expected.",
    remedy: "Compare the intervals of their errors in report.json instead.",
  });
}

function otherRows(first: string, second: string, shared: number): Problem {
  return new Problem({
    found:
      shared === 0
        ? `${first} and ${second} have no row in common.`
        : `Some rows of ${first} and ${second} have other true labels.`,
    expected: "Both models were expected to have predicted the same rows.",
    remedy: "Train both with the same data, held-out share and seed, or with the same --valid file.",
  });
}
