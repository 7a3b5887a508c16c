import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
const finding = v.strictObject({
  id: v.string(),
  severity: v.picklist(["blocking", "warning", "note"]),
  text: v.string(),
});
const table = {
  rows: v.number(),
  format: v.strictObject({
    encoding: v.string(),
    delimiter: v.nullable(v.string()),
    quote: v.nullable(v.string()),
    header: v.boolean(),
    skippedLines: v.number(),
  }),
  columns: v.array(v.string()),
  task: v.picklist(["single-label", "multi-label", "regression", "token-classification"]),
  taskReason: v.string(),
  text: v.nullable(v.string()),
  pair: v.nullable(v.string()),
  label: v.nullable(v.union([v.string(), v.array(v.string())])),
  classes: v.record(v.string(), v.number()),
  findings: v.array(finding),
};
const model = v.strictObject({
  family: v.string(),
  head: v.string(),
  classes: v.nullable(v.array(v.string())),
  maxLength: v.number(),
});
const lengths = v.strictObject({
  maxLength: v.number(),
  longTexts: v.string(),
  windowOverlap: v.number(),
  mean: v.number(),
  longest: v.number(),
  longer: v.number(),
  encodedRows: v.number(),
});
const place = v.strictObject({
  part: v.picklist(["train", "validation", "test"]),
  row: v.number(),
  line: v.number(),
});
const leak = v.strictObject({
  kind: v.picklist(["exact", "near"]),
  similarity: v.pipe(v.number(), v.minValue(0.8), v.maxValue(1)),
  first: place,
  second: place,
});
const step = v.strictObject({
  step: v.string(),
  on: v.boolean(),
  rows: v.number(),
  samples: v.array(
    v.strictObject({
      ...{ row: v.number(), line: v.number(), before: v.string(), after: v.nullable(v.string()) },
      beside: v.optional(v.strictObject({ line: v.number(), text: v.string() })),
    }),
  ),
});
const fit = v.strictObject({
  ...{ texts: v.number(), words: v.number(), piecesPerWord: v.number(), unknownShare: v.nullable(v.number()) },
  unknownWords: v.array(v.strictObject({ word: v.string(), count: v.number() })),
  scripts: v.array(
    v.strictObject({ script: v.string(), share: v.number(), piecesPerLetter: v.number(), unknown: v.number() }),
  ),
  ...{ capitals: v.number(), beyondPositions: v.number() },
});
const inspectedSchema = v.strictObject({
  ...table,
  leaks: v.optional(v.array(leak)),
  cleaning: v.optional(v.array(step)),
  fit: v.optional(fit),
  valid: v.optional(v.strictObject(table)),
  model: v.optional(model),
  lengths: v.optional(lengths),
});

let folder: string;
let tiny: TinyFolder;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabtune-inspect-"));
  tiny = await tinyFolder();
}, MINUTES);
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(tiny.folder, { recursive: true });
});

async function fileOf(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

const tabtune = (...options: string[]) => runProgram(["tabtune", ...options]);

async function inspected(...options: string[]) {
  const { code, stdout, stderr } = await tabtune("inspect", ...options);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  return v.parse(inspectedSchema, JSON.parse(stdout));
}

/** Rows of "text of row N…" with the given further cells. */
const rowsOf = (count: number, cells: (row: number) => string, delimiter = ",") =>
  Array.from({ length: count }, (_, row) => `text of row ${row} and so on${delimiter}${cells(row)}`).join("\n");

describe("tabtune inspect", () => {
  it("prints one object: rows, format, columns, classes and findings", async () => {
    const path = await fileOf("a.csv", `text,label\n${rowsOf(20, (row) => (row % 2 ? "ham" : "spam"))}\n,ham\nlost,\n`);
    const found = await inspected("--data", path);
    expect(found).toMatchObject({
      rows: 22,
      format: { encoding: "utf-8", delimiter: ",", quote: '"', header: true, skippedLines: 0 },
      columns: ["text", "label"],
      task: "single-label",
      text: "text",
      pair: null,
      label: "label",
      classes: { ham: 10, spam: 10 },
    });
    expect(found.findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual([
      "empty-text note",
      "empty-label note",
    ]);
    expect("valid" in found || "model" in found).toBe(false);
  });

  it("numbers the columns of a table without a header, and counts classes of any name", async () => {
    const names = ["__proto__", "constructor", "toString"];
    const path = await fileOf(
      "b.tsv",
      rowsOf(30, (row) => names[row % 3] ?? "", "\t"),
    );
    const { stdout } = await tabtune("inspect", "--data", path);
    expect(stdout).toContain('"text":"column 1","pair":null,"label":"column 2"');
    expect(stdout).toContain('"classes":{"__proto__":10,"constructor":10,"toString":10}');
  });

  it("describes a validation file and a model", async () => {
    const found = await inspected("--data", tiny.data, "--valid", tiny.valid, "--model", tiny.model);
    expect(found).toMatchObject({ rows: 77, valid: { rows: 19, label: "label" } });
    expect(Object.values(found.valid?.classes ?? {}).reduce((a, b) => a + b)).toBe(19);
    expect(found.model).toMatchObject({ family: "bert", maxLength: 64 });
  });

  it("counts the tokens of texts with a model's tokenizer, and the windows of long ones", async () => {
    const words = [4, 10, 25];
    const text = words.map((count, row) => `${"text ".repeat(count)},${row % 2}`).join("\n");
    const path = await fileOf("long.csv", `text,label\n${text}\n`);
    const options = ["--data", path, "--text", "text", "--model", tiny.model];
    const windows = ["maxLength=12", "longTexts=windows", "windowOverlap=4"].flatMap((field) => ["--set", field]);
    // Two special tokens each; 25 words are windows of 10 that begin at 0, 6, 12 and 18.
    const expected = { mean: 15, longest: 27, longer: 1 };
    expect((await inspected(...options, ...windows)).lengths).toMatchObject({ ...expected, encodedRows: 6 });
    const cut = await inspected(...options, "--set", "maxLength=12");
    expect(cut.lengths).toMatchObject({ ...expected, maxLength: 12, longTexts: "cut", encodedRows: 3 });
    // The automatic max length is the model's 64 positions, or fewer that hold the texts whole.
    expect((await inspected(...options)).lengths).toMatchObject({ maxLength: 64, longer: 0, encodedRows: 3 });
  });

  it.each([
    [
      "marks.csv",
      "text,sport,art,food",
      (row: number) => `${row % 2},${row % 3 ? 0 : 1},${row % 5 ? 0 : 1}`,
      "multi-label",
      ["sport", "art", "food"],
      { sport: 15, art: 10, food: 6 },
    ],
    [
      "bars.csv",
      "text,tags",
      (row: number) => ["a|b", "b|c", "a", "c", "a|c"][row % 5] ?? "",
      "multi-label",
      "tags",
      { a: 18, b: 12, c: 18 },
    ],
    ["score.csv", "text,score", (row: number) => String(row / 7), "regression", "score", {}],
    [
      "rating.csv",
      "text,rating",
      (row: number) => String(1 + (row % 5)),
      "single-label",
      "rating",
      { 1: 6, 2: 6, 3: 6, 4: 6, 5: 6 },
    ],
  ] as const)("names the task of %s with its reason", async (name, header, cells, task, label, classes) => {
    const path = await fileOf(name, `${header}\n${rowsOf(30, cells)}\n`);
    const found = await inspected("--data", path);
    expect([found.task, found.label, found.classes]).toEqual([task, label, classes]);
    expect(found.taskReason).not.toBe("");
    expect(found.findings.some(({ severity }) => severity === "blocking")).toBe(false);
    const ids = found.findings.map(({ id }) => id);
    expect(ids).toContain(task === "single-label" ? "numbers-as-classes" : "detected-task");
  });

  it("overrides what is detected, for the validation file too", async () => {
    const path = await fileOf("c.txt", `a caret table^x\n${rowsOf(10, (row) => (row % 2 ? "x" : "y"), "^")}\n`);
    const found = await inspected("--data", path, "--delimiter", "^", "--header", "no", "--quote", "none");
    expect(found).toMatchObject({ rows: 11, format: { delimiter: "^", quote: null, header: false } });
    expect(found.classes).toEqual({ x: 6, y: 5 });
    const korean = Buffer.from([0xc1, 0xc1, 0xb4, 0xd9]);
    const bytes = Buffer.concat(
      Array.from({ length: 12 }, (_, row) =>
        Buffer.concat([Buffer.from(`row ${row} `), korean, Buffer.from(`,${row % 2}\n`)]),
      ),
    );
    const coded = await fileOf("d.csv", Buffer.concat([Buffer.from("text,label\n"), bytes]));
    const both = await inspected(
      "--data",
      coded,
      "--encoding",
      "CP949",
      "--valid",
      coded,
      "--valid-encoding",
      "koi8-r",
    );
    expect([both.format.encoding, both.valid?.format.encoding]).toEqual(["euc-kr", "koi8-r"]);
  });

  it("merges look-alike labels and drops words for a missing value on request", async () => {
    const labels = ["Yes", "yes", "no", "N/A"];
    const path = await fileOf("e.csv", `text,label\n${rowsOf(40, (row) => labels[row % 4] ?? "")}\n`);
    expect((await inspected("--data", path)).findings.map(({ id }) => id)).toEqual([
      "look-alike-labels",
      "missing-word-labels",
    ]);
    const cleaned = await inspected("--data", path, "--merge-labels", "--missing-words");
    expect(cleaned.classes).toEqual({ Yes: 20, no: 10 });
    expect(cleaned.rows).toBe(40);
  });

  it.each([
    [["--encoding", "klingon"], /--encoding is “klingon”\.\n.*utf-8, .*windows-1252.*euc-kr/],
    [["--delimiter", "ab"], /--delimiter is “ab”\.\n.*“tab”/],
    [["--quote", "xx"], /--quote is “xx”\.\n.*“none”/],
    [["--header", "maybe"], /--header is “maybe”\.\n“yes” or “no”/],
    [["--valid-encoding", "x"], /--valid-encoding is “x”/],
    [["--pair", "label"], /"label" of f\.csv is chosen as second text and as label/],
    [["--text", "label", "--label", "label"], /"label" of f\.csv is chosen as text and as label/],
    [["--label", "nope"], /f\.csv has no column “nope”\.\nIts columns are text, label/],
  ])("refuses %j on standard error, with 2", async (options, message) => {
    const path = await fileOf("f.csv", `text,label\n${rowsOf(10, (row) => (row % 2 ? "x" : "y"))}\n`);
    const { code, stdout, stderr } = await tabtune("inspect", "--data", path, "--valid", path, ...options);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("what is printed before a run", () => {
  it.each(["fit", "evaluate", "plan", "find-rate"])("%s says what it took", async (command) => {
    const labels = ["good", "bad", "Good", "bad"];
    const path = await fileOf(
      "g.csv",
      `id;text;label\n${Array.from({ length: 24 }, (_, row) => `${row};the film was great ${row};${labels[row % 4] ?? ""}`).join("\n")}\n`,
    );
    const options = ["--data", path, "--model", tiny.model, "--backend", "nonsense"];
    const { code, stderr } = await tabtune(
      command,
      ...options,
      ...(command === "fit" ? ["--out", join(folder, "out")] : []),
    );
    expect(code).toBe(2);
    if (command === "evaluate") return expect(stderr).toMatch(/classifier|head/);
    expect(stderr).toMatch(/^g\.csv: 24 rows, utf-8.*, delimiter “;”, quote “"”, with header$/m);
    expect(stderr).toMatch(/^ {2}columns: text "text", label "label", not read: "id"$/m);
    expect(stderr).toMatch(/^ {2}classes \(single-label\): Good 6, bad 12, good 6$/m);
    expect(stderr).toMatch(/^warning: 1 class is written in more than one way: "good", "Good" \(case\)/m);
    return undefined;
  });

  it("fit --help names the values that a field can take", async () => {
    const { stderr } = await tabtune("fit", "--help");
    expect(stderr).toMatch(/schedule="linear"[^]*One of: "linear" \(Linear\), "cosine" \(Cosine\),[^]*"plateau"/);
    expect(stderr).toMatch(/pooling=[^]*One of: "pooler"/);
    expect(stderr).toMatch(/bestBy=[^]*One of: "macroF1" \(Macro F1\), "accuracy"/);
    expect(stderr).toContain("--valid-encoding");
  });
});
