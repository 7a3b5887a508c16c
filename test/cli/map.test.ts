import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
const tabtune = (...options: string[]) => runProgram(["tabtune", ...options]);
const place = (name: string) => join(tiny.folder, name);
const listed = (csv: string) => Papa.parse<Record<string, string>>(csv.trimEnd(), { header: true }).data;

async function fit(data: string, out: string, ...more: string[]): Promise<string> {
  const given = ["--model", tiny.model, "--data", data, "--out", place(out), "--backend", "wasm"];
  const { code, stderr } = await tabtune("fit", ...given, "--steps", "3", ...more);
  expect(code, stderr).toBe(0);
  return join(place(out), "model");
}

async function mapped(model: string, data: string, ...more: string[]) {
  const { code, stdout, stderr } = await tabtune("map", "--model", model, "--data", data, "--backend", "wasm", ...more);
  expect(code, stderr).toBe(0);
  return { rows: listed(stdout), stderr, stdout };
}

beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

describe("tabtune map", () => {
  it("writes each row with its place, label, prediction and loss, as evaluate scores them", async () => {
    const model = await fit(tiny.data, "classes");
    const { rows, stdout } = await mapped(model, tiny.valid);
    expect(stdout.split(/\r?\n/)[0]).toBe("row,x,y,label,predicted,correct,loss");
    const given = listed(await readFile(tiny.valid, "utf8"));
    expect(rows.map(({ label }) => label)).toEqual(given.map(({ label }) => label));
    expect(rows.map(({ row }) => Number(row))).toEqual(given.map((_, i) => i + 1));
    for (const { label, predicted, correct } of rows) expect(correct).toBe(label === predicted ? "1" : "0");
    const evaluated = await tabtune("evaluate", "--model", model, "--data", tiny.valid, "--backend", "wasm");
    const report = JSON.parse(evaluated.stdout) as { accuracy: number; logLoss: number };
    const mean = (key: string) => rows.reduce((sum, row) => sum + Number(row[key]), 0) / rows.length;
    expect(mean("correct")).toBeCloseTo(report.accuracy, 6);
    expect(mean("loss")).toBeCloseTo(report.logLoss, 4);
    // Principal components: centred, uncorrelated, the first the widest.
    const product = (a: string, b: string) => rows.reduce((sum, row) => sum + Number(row[a]) * Number(row[b]), 0);
    expect(Math.abs(mean("x"))).toBeLessThan(1e-4);
    expect(Math.abs(product("x", "y"))).toBeLessThan(1e-3 * product("x", "x"));
    expect(product("x", "x")).toBeGreaterThanOrEqual(product("y", "y"));

    const other = await mapped(model, tiny.valid, "--method", "umap", "--neighbours", "5");
    expect(other.rows.map(({ loss }) => loss)).toEqual(rows.map(({ loss }) => loss));
    expect(other.rows.map(({ x }) => x)).not.toEqual(rows.map(({ x }) => x));
    expect((await mapped(model, tiny.valid, "--method", "umap", "--neighbours", "5")).stdout).toBe(other.stdout);

    const few = await mapped(model, tiny.data, "--most", "10", "--out", place("map.csv"));
    expect(few.stderr).toContain("10 rows, a sample of");
    const sampled = listed(await readFile(place("map.csv"), "utf8"));
    expect(sampled).toHaveLength(10);
    const all = listed(await readFile(tiny.data, "utf8"));
    for (const { row, label } of sampled) expect(all[Number(row) - 1]?.label).toBe(label);
  });

  it("maps rows of several labels, and numbers", async () => {
    const rows = listed(await readFile(tiny.data, "utf8"));
    const several = place("several.csv");
    const lines = rows.map(({ text = "", label = "" }, i) => `${text},${Number(label === "good")},${i % 2}`);
    await writeFile(several, ["text,good,odd", ...lines].join("\n"));
    const labels = ["--label", "good", "--label", "odd"];
    const many = await mapped(await fit(several, "several", ...labels), several, ...labels);
    expect(many.rows[0]?.label).toBe(JSON.stringify(rows[0]?.label === "good" ? ["good"] : []));
    for (const { label, predicted, correct } of many.rows) expect(correct).toBe(label === predicted ? "1" : "0");

    const numbers = place("numbers.csv");
    await writeFile(numbers, ["text,score", ...rows.map(({ text = "" }, i) => `${text},${(i % 9) / 2}`)].join("\n"));
    const model = await fit(numbers, "numbers", "--task", "regression");
    const found = await mapped(model, numbers);
    found.rows.forEach(({ label, predicted, correct, loss }, i) => {
      expect(Number(label)).toBeCloseTo((i % 9) / 2, 5);
      expect(correct).toBe("");
      expect(Number(loss)).toBeCloseTo((Number(label) - Number(predicted)) ** 2, 4);
    });
  });

  it("says what options must be, and how many rows there must be", async () => {
    const given = ["--model", "x", "--data", "y"];
    expect((await tabtune("map", ...given, "--method", "tsne")).stderr).toContain("one of pca, umap");
    expect((await tabtune("map", ...given, "--neighbours", "1")).stderr).toContain("A whole number above 1");
    expect((await tabtune("map", ...given, "--seed", "-1")).stderr).toContain("--seed");
    await writeFile(place("two.csv"), "text,label\nthe film is great,good\nthe film is dull,bad\n");
    const columns = ["--text", "text", "--label", "label"];
    const model = join(place("classes"), "model");
    const two = await tabtune("map", "--model", model, "--data", place("two.csv"), ...columns);
    expect([two.code, two.stderr]).toEqual([2, expect.stringContaining("A map needs at least 4 rows")]);
  });
});
