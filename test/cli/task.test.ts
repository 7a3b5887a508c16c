import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const tabtune = (...options: string[]) => runProgram(["tabtune", ...options]);

const inspected = v.looseObject({
  task: v.string(),
  classes: v.record(v.string(), v.number()),
  findings: v.array(v.looseObject({ id: v.string() })),
});
const parsed = (text: string) => v.parse(inspected, JSON.parse(text));

/** A table of 160 rows with the given label column. */
async function tableFile(name: string, header: string, label: (row: number) => string): Promise<string> {
  const path = join(tiny.folder, name);
  const rows = Array.from({ length: 160 }, (_, row) => `the film was number ${row} of all\t${label(row)}`);
  await writeFile(path, [header, ...rows].join("\n"));
  return path;
}

const codes = Array.from({ length: 40 }, (_, at) => String(1000 + 37 * at * at));

describe("--task single-label", () => {
  it.each([
    ["codes.tsv", "text\tscore", (row: number) => codes[row % 40] ?? "", "regression", 40],
    ["versions.tsv", "text\tversion_label", (row: number) => `${row % 16}.5`, "regression", 16],
    [
      "routes.tsv",
      "text\tlabel",
      (row: number) => ["Oslo/Rome", "Rome/Oslo", "Oslo", "Rome"][row % 4] ?? "",
      "multi-label",
      4,
    ],
    ["lists.tsv", "Satz\tKlasse", (row: number) => (row % 2 ? "['ja']" : "['nein', 'ja']"), "multi-label", 2],
  ])("makes a class of each value of %s", async (name, header, label, task, classes) => {
    const data = await tableFile(name, header, label);
    const guessed = await tabtune("inspect", "--data", data);
    expect(parsed(guessed.stdout)).toMatchObject({ task });
    expect(guessed.stdout).not.toContain('"severity":"blocking"');
    const chosen = await tabtune("inspect", "--data", data, "--valid", data, "--task", "single-label");
    const { task: single, classes: counts, valid, findings } = parsed(chosen.stdout);
    expect(single).toBe("single-label");
    expect(Object.keys(counts)).toHaveLength(classes);
    expect(valid).toMatchObject({ task: "single-label", classes: counts });
    expect(findings).not.toContainEqual(expect.objectContaining({ id: "detected-task" }));
  });

  it("picks one of several marks, which then is the label", async () => {
    const marks = await tableFile("marks.tsv", "text\tsport\tmusic\tfood", (row) => `${row % 2}\t${+(row % 3 > 0)}\t1`);
    const { stdout } = await tabtune("inspect", "--data", marks, "--task", "single-label");
    expect(parsed(stdout)).toMatchObject({ task: "single-label", label: "sport", classes: { 0: 80, 1: 80 } });
  });

  it.each(["plan", "find-rate", "evaluate"])("%s takes it", async (command) => {
    const data = await tableFile("codes.tsv", "text\tscore", (row) => codes[row % 40] ?? "");
    const { code, stderr } = await tabtune(
      ...[command, "--data", data, "--model", tiny.model, "--task", "single-label", "--backend", "nonsense"],
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ {2}classes \(single-label\): /m);
    if (command !== "evaluate") expect(stderr).toContain("--backend is “nonsense”");
  });

  it("fit trains on the values as classes", async () => {
    const data = await tableFile("halves.tsv", "text\tscore", (row) => `${row % 12}.5`);
    const out = join(tiny.folder, "halves");
    const options = [
      "--model",
      tiny.model,
      "--data",
      data,
      "--out",
      out,
      "--backend",
      "wasm",
      "--steps",
      "2",
      "--set",
      "maxLength=16",
    ];
    const guessed = await tabtune("fit", ...options);
    expect([guessed.code, guessed.stderr]).toEqual([0, expect.stringContaining("numbers (regression): 0.5 to 11.5")]);
    expect(await readFile(join(out, "model/config.json"), "utf8")).toContain('"problem_type": "regression"');
    const { code, stderr } = await tabtune("fit", ...options, "--task", "single-label");
    expect([code, stderr]).toEqual([0, expect.stringContaining("classes (single-label): 0.5 14")]);
    expect(await readFile(join(out, "model/config.json"), "utf8")).toMatch(/"11": ?"11.5"/);
  });

  it.each([
    ["token-classes", "The tasks are single-label, multi-label, regression"],
    ["classes", "--task is “classes”."],
  ])("refuses --task %s", async (task, message) => {
    const { code, stdout, stderr } = await tabtune("inspect", "--data", tiny.data, "--task", task);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
