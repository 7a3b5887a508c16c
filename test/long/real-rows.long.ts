import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSource } from "../../src/io/node-file.ts";
import { openTable } from "../../src/data/table.ts";
import { runProgram } from "../cli/program.ts";

/** A folder of data sets that are not part of the project: goemotions, sick and wnut17, as their authors published them. */
const datasets = process.env["TABTUNE_DATASETS"] ?? "";

let folder: string;
beforeAll(async () => {
  if (datasets === "") throw new Error("TABTUNE_DATASETS is to name a folder with goemotions, sick and wnut17.");
  folder = await mkdtemp(join(tmpdir(), "tabtune-real-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Lines of a file, its header not counted, or sentences of a CoNLL file. */
interface Slice {
  file: string;
  from: number;
  to: number;
}

interface Journey {
  task: string;
  /** Name of the rows' files here, which decides how they are read. */
  name: string;
  rows: Record<"train" | "valid" | "test", Slice>;
  columns: string[];
  settings: string[];
  /** A figure of the report of the test rows. */
  figure: (report: Report) => number;
  /** PyTorch's figure less two standard errors: test/reference/make_real_rows.py. */
  floor: number;
  config: Record<string, unknown>;
}

interface Report {
  accuracy: number;
  microAveragePrecision: number;
  pearson: number;
  micro: { f1: number };
}

const sick = {
  name: "sick.tsv",
  rows: {
    train: { file: "sick/SICK_train.txt", from: 0, to: 320 },
    valid: { file: "sick/SICK_trial.txt", from: 0, to: 100 },
    test: { file: "sick/SICK_test_annotated.txt", from: 0, to: 300 },
  },
};

const journeys: Record<string, Journey> = {
  "GoEmotions, several emotions": {
    task: "multi-label",
    name: "emotions.tsv",
    rows: {
      train: { file: "goemotions/train_first_8000.tsv", from: 0, to: 320 },
      valid: { file: "goemotions/train_first_8000.tsv", from: 6000, to: 6100 },
      test: { file: "goemotions/train_first_8000.tsv", from: 7000, to: 7300 },
    },
    columns: [],
    settings: ["learningRate=2e-4", "epochs=4", "thresholds=bestF1"],
    figure: ({ microAveragePrecision }) => microAveragePrecision,
    floor: 0.1406,
    config: { problem_type: "multi_label_classification", architectures: ["BertForSequenceClassification"] },
  },
  "SICK, how related two sentences are": {
    ...sick,
    task: "regression",
    columns: ["--text", "sentence_A", "--pair", "sentence_B", "--label", "relatedness_score"],
    settings: ["learningRate=1e-4", "epochs=4"],
    figure: ({ pearson }) => pearson,
    floor: 0.6022,
    config: { problem_type: "regression", num_labels: 1, id2label: { 0: "relatedness_score" } },
  },
  "SICK, whether one sentence follows from the other": {
    ...sick,
    task: "single-label",
    columns: ["--text", "sentence_A", "--pair", "sentence_B", "--label", "entailment_judgment"],
    // After 4 epochs some seeds still give nearly all rows one class, here and in PyTorch.
    settings: ["learningRate=1e-4", "epochs=8", "bestBy=accuracy"],
    figure: ({ accuracy }) => accuracy,
    floor: 0.7133,
    config: {
      problem_type: "single_label_classification",
      id2label: { 0: "CONTRADICTION", 1: "ENTAILMENT", 2: "NEUTRAL" },
    },
  },
  "WNUT 17, entities": {
    task: "token-classification",
    name: "words.conll",
    rows: {
      train: { file: "wnut17/wnut17train.conll", from: 0, to: 320 },
      valid: { file: "wnut17/emerging.dev.conll", from: 0, to: 100 },
      test: { file: "wnut17/emerging.test.annotated", from: 0, to: 300 },
    },
    columns: [],
    settings: ["learningRate=2e-4", "epochs=4"],
    figure: ({ micro }) => micro.f1,
    floor: 0.1916,
    config: { architectures: ["BertForTokenClassification"] },
  },
};

/** The slices of a journey as files, each with the header of its own file where it has one. */
async function files({ name, rows }: Journey): Promise<Record<keyof Journey["rows"], string>> {
  const paths = { train: "", valid: "", test: "" };
  for (const part of ["train", "valid", "test"] as const) {
    const { file, from, to } = rows[part];
    const text = (await readFile(join(datasets, file), "utf8")).replace(/\s+$/, "");
    const isConll = name.endsWith(".conll");
    const units = isConll ? text.split(/\n\s*\n/) : text.split("\n");
    const header = units[0]?.startsWith("pair_ID") === true ? [units.shift() ?? ""] : [];
    paths[part] = join(folder, `${part}-${name}`);
    await writeFile(paths[part], `${[...header, ...units.slice(from, to)].join(isConll ? "\n\n" : "\n")}\n`);
  }
  return paths;
}

const tabtune = async (...options: string[]) => {
  const ended = await runProgram(["tabtune", ...options]);
  expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
  return ended;
};
const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));

/** The columns of a CSV file of these names, and those of probabilities, by row. */
async function predictedIn(path: string, named: RegExp): Promise<string[][]> {
  const { columns, cells, rowCount } = await openTable(await fileSource(path));
  const wanted = columns.flatMap((column, place) =>
    named.test(column) || column.startsWith("probability_") ? [place] : [],
  );
  return Array.from({ length: rowCount }, (_, row) => wanted.map((place) => cells[place]?.at(row) ?? ""));
}

describe("real rows are guessed, learned, exported and predicted again", () => {
  it.each(Object.entries(journeys))("%s", async (_, journey) => {
    const { train, valid, test } = await files(journey);
    const { task, columns } = journey;
    const inspected = await tabtune("inspect", "--data", train, ...columns);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ task });

    const out = join(folder, task);
    const recipe = ["batchSize=16", "maxLength=48", "warmupShare=0.1", "classWeights=null", "earlyStopping=0"];
    const settings = [...recipe, "evaluationsPerEpoch=1", "baseline=false", "seed=1", ...journey.settings].flatMap(
      (setting) => ["--set", setting],
    );
    const rows = ["--data", train, "--valid", valid, "--test", test, ...columns];
    await tabtune("fit", "--model", "public/starter", "--out", out, ...rows, ...settings, "--backend", "wasm");
    const report = (await json(join(out, "report.json"))) as { test: Report };
    console.log(`${task}: ${journey.figure(report.test).toFixed(4)} on the test rows`);
    expect(journey.figure(report.test)).toBeGreaterThan(journey.floor);
    expect(await json(join(out, "model/config.json"))).toMatchObject(journey.config);

    const again = join(folder, `${task}-again.csv`);
    const texts = columns.slice(0, columns.indexOf("--label") < 0 ? 0 : columns.indexOf("--label"));
    await tabtune(
      "predict",
      "--model",
      join(out, "model"),
      "--data",
      valid,
      ...texts,
      "--out",
      again,
      "--backend",
      "wasm",
    );
    const before = await predictedIn(join(out, "model/predictions.csv"), /^predicted$/);
    // `predict` has its entities in a column of this name, predictions.csv the true ones.
    const after = await predictedIn(again, task === "token-classification" ? /^entities$/ : /^predicted$/);
    expect(after.length).toBe(before.length);
    expect(before.length).toBeGreaterThan(80);
    // What is predicted of the rows may differ by rounding alone.
    const differing = after.filter((cells, row) => !cells.every((cell, i) => isSame(cell, before[row]?.[i] ?? "")));
    expect(differing).toEqual([]);
  });
});

/** Equal texts, numbers within 1e-4, or the same entities at the same places. */
function isSame(cell: string, expected: string): boolean {
  if (cell.startsWith("[")) {
    const entities = JSON.parse(cell) as { start: number; end: number; label: string }[];
    return JSON.stringify(entities.map(({ start, end, label }) => [start, end, label])) === expected;
  }
  return cell === expected || Math.abs(Number(cell) - Number(expected)) < 1e-4;
}
