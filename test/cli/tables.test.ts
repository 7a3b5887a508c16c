import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { editPatchText } from "../../src/data/edit-patch.ts";
import { openTable } from "../../src/data/table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const workbook = fileURLToPath(new URL("../cases/formats/reviews.xlsx", import.meta.url));
const inspectedSchema = v.looseObject({
  rows: v.number(),
  classes: v.record(v.string(), v.number()),
  findings: v.array(v.looseObject({ id: v.string(), text: v.string() })),
});

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

async function fileOf(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(tiny.folder, name);
  await writeFile(path, contents);
  return path;
}
const bytes = (text: string) => new TextEncoder().encode(text);
const rowsOf = (count: number, classes: readonly string[], delimiter = ",") =>
  Array.from(
    { length: count },
    (_, row) => `the film is number ${row}${delimiter}${classes[row % classes.length] ?? ""}`,
  ).join("\n");
const tabtune = (...options: string[]) => runProgram(["tabtune", ...options]);

async function inspected(...options: string[]) {
  const { code, stdout, stderr } = await tabtune("inspect", ...options);
  expect([code, stderr]).toEqual([0, ""]);
  return v.parse(inspectedSchema, JSON.parse(stdout));
}

describe("--sheet", () => {
  it("names the sheet of a workbook, for --data and --valid", async () => {
    const first = await inspected("--data", workbook);
    expect(first.rows).toBe(40);
    expect(first.findings.find(({ id }) => id === "other-tables")?.text).toContain('"Validation"');
    const named = ["--data", workbook, "--sheet", "Validation", "--valid", workbook, "--valid-sheet", "Reviews"];
    const second = await inspected(...named);
    expect(second.rows).not.toBe(40);
    expect(second.findings.filter(({ id }) => id === "other-tables")).toEqual([]);
    expect(second["valid"]).toMatchObject({ rows: 40 });
  });

  it("names the table of a zip, with or without its folder", async () => {
    const train = bytes(`text,label\n${rowsOf(30, ["good", "bad"])}\n`);
    const test = bytes(`text;stars\n${rowsOf(12, ["1", "2", "3"], ";")}\n`);
    const zip = await fileOf("two.zip", zipSync({ "data/train.csv": train, "data/held.csv": test }));
    const guessed = await inspected("--data", zip);
    expect(guessed.findings.find(({ id }) => id === "other-tables")).toBeDefined();
    for (const sheet of ["held.csv", "data/held.csv"]) {
      expect((await inspected("--data", zip, "--sheet", sheet)).classes).toEqual({ 1: 4, 2: 4, 3: 4 });
    }
    expect((await inspected("--data", zip, "--sheet", "train.csv")).classes).toEqual({ good: 15, bad: 15 });
  });

  it("names the split of a JSON file", async () => {
    const split = (count: number) => ({ text: Array.from({ length: count }, (_, i) => `text number ${i} of it`) });
    const labels = (count: number) => ({ label: Array.from({ length: count }, (_, i) => (i % 2 ? "ja" : "nein")) });
    const data = { train: { ...split(20), ...labels(20) }, dev: { ...split(8), ...labels(8) } };
    const path = await fileOf("splits.json", JSON.stringify(data));
    expect((await inspected("--data", path, "--sheet", "dev")).rows).toBe(8);
    expect((await inspected("--data", path, "--sheet", "train")).rows).toBe(20);
  });

  it.each([
    ["a workbook", () => Promise.resolve(workbook), /Reviews/],
    [
      "a zip",
      () => fileOf("pair.zip", zipSync({ "a.csv": bytes("t,l\nx y,1\n"), "b.csv": bytes("t,l\nx y,1\n") })),
      /b\.csv/,
    ],
  ])("is refused where %s has no such table, and those that it has are named", async (_, make, names) => {
    const { code, stdout, stderr } = await tabtune("inspect", "--data", await make(), "--sheet", "Nothing");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Nothing");
    expect(stderr).toMatch(names);
  });
});

describe("options that cannot apply to a file", () => {
  const jsonLines = Array.from({ length: 20 }, (_, i) => `{"text":"number ${i} of it","label":"${i % 2 ? "a" : "b"}"}`);
  const parquet = fileURLToPath(new URL("../cases/formats/sentiment-none.parquet", import.meta.url));
  it.each([
    ["a sheet of a CSV", "--data", "one.csv", `text,label\n${rowsOf(20, ["a", "b"])}\n`, ["--sheet", "Train"]],
    ["a sheet of JSON Lines", "--data", "one.jsonl", jsonLines.join("\n"), ["--sheet", "train"]],
    ["a sheet of a JSON list", "--data", "list.json", `[${jsonLines.join()}]`, ["--sheet", "train"]],
    ["a sheet of JSON with one list", "--data", "lone.json", `{"rows":[${jsonLines.join()}]}`, ["--sheet", "rows"]],
    ["the header of JSON Lines", "--data", "two.jsonl", jsonLines.join("\n"), ["--header", "no"]],
    ["the quote of JSON Lines", "--data", "three.jsonl", jsonLines.join("\n"), ["--quote", "'"]],
    ["the delimiter of Parquet", "--data", parquet, null, ["--delimiter", "tab"]],
    ["the encoding of Parquet", "--data", parquet, null, ["--encoding", "gbk"]],
    ["a sheet of Parquet", "--data", parquet, null, ["--sheet", "0"]],
    ["the delimiter of a workbook", "--data", workbook, null, ["--delimiter", ","]],
    ["the encoding of a workbook", "--data", workbook, null, ["--encoding", "latin1"]],
  ])("are refused by their name: %s", async (_, option, name, contents, options) => {
    const path = contents === null ? name : await fileOf(name, contents);
    const { code, stdout, stderr } = await tabtune("inspect", option, path, ...options);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${options[0] ?? ""} does nothing for ${name.split("/").at(-1) ?? ""}: it was read as`);
  });

  it("are refused in a zip of one table that has another name", async () => {
    const zip = await fileOf("single.zip", zipSync({ "in/a.csv": bytes(`text,label\n${rowsOf(20, ["x", "y"])}\n`) }));
    expect((await inspected("--data", zip, "--sheet", "a.csv")).rows).toBe(20);
    expect((await tabtune("inspect", "--data", zip, "--sheet", "b.csv")).stderr).toContain("--sheet does nothing");
  });

  it("are refused for a validation file, and without one", async () => {
    const held = await fileOf("held.csv", `text,label\n${rowsOf(12, ["a", "b"])}\n`);
    const files = ["--data", workbook, "--valid", held];
    const valid = await tabtune("inspect", ...files, "--valid-sheet", "Validation");
    expect([valid.code, valid.stdout]).toEqual([2, ""]);
    expect(valid.stderr).toContain("--valid-sheet does nothing for held.csv: it was read as a delimited file.");
    const alone = await tabtune("inspect", "--data", workbook, "--valid-sheet", "Validation");
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining("--valid-sheet is given without --valid.")]);
  });

  it("are refused for the files of an earlier task, and without them", async () => {
    const earlier = await fileOf("before.csv", `text,label\n${rowsOf(30, ["LABEL_0", "LABEL_1"])}\n`);
    const fit = (...options: string[]) =>
      tabtune("fit", "--model", tiny.model, "--data", tiny.data, "--out", join(tiny.folder, "none"), ...options);
    const named = await fit("--earlier", earlier, "--earlier-sheet", "Old", "--backend", "wasm");
    expect([named.code, named.stderr]).toEqual([2, expect.stringContaining("--earlier-sheet does nothing for before")]);
    const alone = await fit("--earlier-sheet", "Old", "--backend", "wasm");
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining("--earlier-sheet is given without --earl")]);
  });

  it("are taken where they say what was detected, or name the only sheet", async () => {
    expect((await inspected("--data", parquet, "--encoding", "utf-8", "--header", "yes")).rows).toBeGreaterThan(0);
    const single = fileURLToPath(new URL("../cases/formats/inline.xlsx", import.meta.url));
    expect((await inspected("--data", single, "--sheet", "Лист1")).rows).toBeGreaterThan(0);
  });
});

describe("parallel files that are gzipped", () => {
  const texts = rowsOf(24, [""]);
  const labels = Array.from({ length: 24 }, (_, row) => row % 2).join("\n");
  it.each([
    ["all three", true, true],
    ["the texts alone", true, false],
    ["the labels alone", false, true],
  ])("%s", async (name, packsTexts, packsLabels) => {
    const place = name.replaceAll(" ", "-");
    const packed = (file: string, text: string, isPacked: boolean) =>
      fileOf(`${place}-${file}${isPacked ? ".gz" : ""}`, isPacked ? gzipSync(text) : text);
    const data = await packed("texts.txt", texts, packsTexts);
    const beside = ["--labels", await packed("labels.txt", labels, packsLabels)];
    const names = ["--label-names", await packed("names.txt", "bad\ngood\n", packsLabels)];
    const found = await inspected("--data", data, ...beside, ...names);
    expect([found.rows, found.classes]).toEqual([24, { bad: 12, good: 12 }]);
  });
});

describe("evaluate", () => {
  it("prints what it took before it starts, rows of other classes too", async () => {
    const rows = rowsOf(30, ["LABEL_0", "LABEL_1", "LABEL_0"], ";");
    const data = await fileOf("own.csv", `satz;klasse;nr\n${rows.replaceAll("\n", ";7\n")};7\nthe film;other;8\n`);
    const { code, stderr } = await tabtune("evaluate", "--data", data, "--model", tiny.model, "--backend", "nonsense");
    expect(code).toBe(2);
    const before = stderr.slice(0, stderr.indexOf("--backend"));
    expect(before).toMatch(/^own\.csv: 31 rows, utf-8.*, delimiter “;”, quote “"”, with header$/m);
    expect(before).toMatch(/^ {2}columns: text "satz", label "klasse", not read: "nr"$/m);
    expect(before).toMatch(/^ {2}classes \(single-label\): LABEL_0 20, LABEL_1 10, LABEL_2 0$/m);
    expect(before).toMatch(/^warning: .*"other".*\(line 32\)/m);
  });

  it("takes the overrides of the format, and says which format that was", async () => {
    const data = await fileOf("odd.txt", `${rowsOf(20, ["LABEL_0", "LABEL_2"], "^")}\n`);
    const options = ["--delimiter", "^", "--header", "no", "--encoding", "latin1", "--quote", "none"];
    const { stderr } = await tabtune("evaluate", "--data", data, "--model", tiny.model, ...options, "--backend", "no");
    expect(stderr).toMatch(/^odd\.txt: 20 rows, windows-1252, delimiter “\^”, no quotes, without header$/m);
    expect(stderr).toMatch(/: LABEL_0 10, LABEL_1 0, LABEL_2 10$/m);
  });
});

describe("the files of an earlier task", () => {
  const settings = ["epochs=1", "maxLength=16", "evaluationsPerEpoch=0"].flatMap((setting) => ["--set", setting]);
  const fit = (out: string, ...options: string[]) => {
    const files = ["--model", tiny.model, "--data", tiny.data, "--valid", tiny.valid, "--out", join(tiny.folder, out)];
    return tabtune("fit", ...files, ...settings, "--steps", "1", "--backend", "wasm", ...options);
  };

  it("are read as their options say", async () => {
    const rows = rowsOf(30, ["LABEL_0", "LABEL_1", "LABEL_2"], "^");
    const earlier = await fileOf("earlier.txt", `${rows}\n`);
    const held = await fileOf(
      "earlier-held.txt",
      `kind#message\n${rowsOf(9, ["x"]).replace(/^(.*),x$/gm, "LABEL_1#$1")}\n`,
    );
    const options = ["--earlier-delimiter", "^", "--earlier-header", "no", "--earlier-label", "column 2"];
    const whole = await fit("one", "--earlier", earlier, ...options);
    expect([whole.code, whole.stderr]).toEqual([0, expect.stringMatching(/earlier task .*\(6 rows\)/)]);
    const names = ["--earlier-text", "column 1", "--earlier-valid", held, "--earlier-valid-delimiter", "#"];
    const refused = await fit("two", "--earlier", earlier, ...options, ...names, "--earlier-valid-header", "maybe");
    expect(refused.stderr).toContain("--earlier-valid-header is “maybe”");
    const bad = await fit("three", "--earlier", earlier, "--earlier-encoding", "klingon");
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("--earlier-encoding is “klingon”")]);
  });

  it("may be a sheet of a workbook, or parallel files", async () => {
    const labels = ["LABEL_0", "LABEL_1", "LABEL_2"];
    const zip = zipSync({
      "a.csv": bytes("text,label\nnothing here,x\n"),
      "b.csv": bytes(`text,label\n${rowsOf(30, labels)}\n`),
    });
    const named = await fit("four", "--earlier", await fileOf("e.zip", zip), "--earlier-sheet", "b.csv");
    expect([named.code, named.stderr]).toEqual([0, expect.stringMatching(/earlier task .*\(6 rows\)/)]);
    const texts = await fileOf("e-texts.txt", rowsOf(30, [""]));
    const beside = await fileOf("e-labels.txt", Array.from({ length: 30 }, (_, row) => labels[row % 3]).join("\n"));
    const parallel = await fit("five", "--earlier", texts, "--earlier-labels", beside);
    expect([parallel.code, parallel.stderr]).toEqual([0, expect.stringMatching(/earlier task .*\(6 rows\)/)]);
  });
});

describe("--edits", () => {
  it("makes the changes of a patch before columns are read, and refuses that of another table", async () => {
    const data = await fileOf("edited.csv", `text,label\n${rowsOf(30, ["good", "bad"])}\n`);
    const other = await fileOf("other.csv", `text,label\n${rowsOf(30, ["bad", "good"])}\n`);
    const table = await openTable(await fileSource(data));
    const before = await readFile(data);
    const patch = await fileOf(
      "edited.edits.jsonl",
      editPatchText(table, [
        { row: 1, dropped: true },
        { row: 2, cells: [{ column: 1, text: "fair" }] },
      ]),
    );
    const { code, stdout, stderr } = await tabtune("inspect", "--data", data, "--edits", patch);
    expect([code, stderr]).toEqual([0, "edited.edits.jsonl: 2 changes of rows of edited.csv\n"]);
    expect(v.parse(inspectedSchema, JSON.parse(stdout)).classes).toEqual({ bad: 14, fair: 1, good: 14 });
    expect(await readFile(data)).toEqual(before);
    const refused = await tabtune("inspect", "--data", other, "--edits", patch);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("is a patch for edited.csv, not for other.csv: row 1 has other cells");
  });
});
