import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
const tabtune = (...options: string[]) => runProgram(["tabtune", ...options]);
const place = (name: string) => join(tiny.folder, name);
const modelOf = (out: string) => join(place(out), "model");
const listed = (csv: string) => Papa.parse<Record<string, string>>(csv.trimEnd(), { header: true }).data;

async function fit(data: string, out: string, ...more: string[]): Promise<void> {
  const given = ["--model", tiny.model, "--data", data, "--out", place(out), "--backend", "wasm"];
  const { code, stderr } = await tabtune("fit", ...given, "--set", "learningRate=2e-3", "--set", "epochs=3", ...more);
  expect(code, stderr).toBe(0);
}

beforeAll(async () => {
  tiny = await tinyFolder();
  await fit(tiny.data, "classes");
});
afterAll(() => rm(tiny.folder, { recursive: true }));

describe("tabtune uncertain", () => {
  it("lists the rows without a label, most uncertain first, with the margins of predict", async () => {
    const [header = "", ...rows] = (await readFile(tiny.valid, "utf8")).trimEnd().split(/\r?\n/);
    const bare = rows.map((row, i) => (i % 2 === 0 ? row.replace(/,[^,]*$/, ",") : row));
    const data = place("some.csv");
    await writeFile(data, [header, ...bare].join("\n"));
    const options = ["--model", modelOf("classes"), "--data", data, "--backend", "wasm"];
    const { code, stdout, stderr } = await tabtune("uncertain", ...options);
    expect(code, stderr).toBe(0);
    const found = listed(stdout);
    expect(found.map(({ row }) => Number(row)).sort((a, b) => a - b)).toEqual(
      rows.flatMap((_, i) => (i % 2 === 0 ? [i + 1] : [])),
    );
    const scores = found.map(({ score }) => Number(score));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const asked = found.map(({ text }) => text).join("\n");
    const predicted = await runProgram(["tabtune", "predict", ...options.slice(0, 2), "--backend", "wasm"], asked);
    const line = v.object({ label: v.string(), scores: v.record(v.string(), v.number()) });
    predicted.stdout
      .trimEnd()
      .split("\n")
      .forEach((one, i) => {
        const { label, scores: own } = v.parse(line, JSON.parse(one));
        const [first = 0, second = 0] = Object.values(own).sort((a, b) => b - a);
        expect(found[i]?.["predicted"]).toBe(label);
        expect(scores[i]).toBeCloseTo(1 - (first - second), 4);
      });
  });

  it("begins with rows unlike each other where they are to be diverse, and takes tables without labels", async () => {
    const data = place("texts.csv");
    const texts = [
      "the film was dull",
      "the film was dull",
      "the film was dull",
      "her book is great",
      "the soup is awful",
    ];
    await writeFile(data, ["text", ...texts].join("\n"));
    const options = ["--model", modelOf("classes"), "--data", data, "--backend", "wasm", "--by", "diverse"];
    const { stdout, stderr } = await tabtune("uncertain", ...options, "--batch", "3");
    expect(stderr).toContain("which has no label column");
    const found = listed(stdout).map(({ text }) => text);
    expect(found).toHaveLength(5);
    expect(new Set(found.slice(0, 3)).size).toBe(3);
  });

  it("orders rows for several labels", async () => {
    const rows = listed(await readFile(tiny.data, "utf8"));
    const data = place("several.csv");
    const lines = rows.map(
      ({ text = "", label = "" }, i) => `${text},${i % 5 === 0 ? "," : `${Number(label === "good")},${i % 2}`}`,
    );
    await writeFile(data, ["text,good,odd", ...lines].join("\n"));
    await fit(data, "several", "--label", "good", "--label", "odd");
    const given = ["--data", data, "--label", "good", "--label", "odd", "--by", "entropy", "--backend", "wasm"];
    const { code, stdout, stderr } = await tabtune("uncertain", "--model", modelOf("several"), ...given);
    expect(code, stderr).toBe(0);
    const scores = listed(stdout).map(({ score }) => Number(score));
    expect(scores).toHaveLength(rows.filter((_, i) => i % 5 === 0).length);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it("refuses a table whose rows all have labels, and options that there are not", async () => {
    const given = ["--model", modelOf("classes"), "--data", tiny.valid];
    const all = await tabtune("uncertain", ...given);
    expect([all.code, all.stderr]).toEqual([2, expect.stringContaining("have a label in “label”")]);
    expect((await tabtune("uncertain", ...given, "--by", "chance")).stderr).toContain("margin, entropy, diverse");
    expect((await tabtune("uncertain", ...given, "--batch", "0")).stderr).toContain("A whole number above 0");
  });
});
