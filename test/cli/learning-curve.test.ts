import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
let data: string;

beforeAll(async () => {
  tiny = await tinyFolder();
  const [header = "", ...rows] = (await readFile(tiny.data, "utf8")).trim().split("\n");
  // Other texts of the same words, so that no two are alike.
  const again = rows.map((row) => row.replace(",", " awful great,"));
  data = join(tiny.folder, "more.csv");
  await writeFile(data, [header, ...rows, ...again].join("\n"));
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const fit = (out: string, ...options: string[]) => {
  const paths = ["--model", tiny.model, "--data", data, "--out", out, "--backend", "cpu"];
  const sets = ["epochs=1", "batchSize=16", "evaluationsPerEpoch=0"].flatMap((set) => ["--set", set]);
  return runProgram(["tabtune", "fit", ...paths, ...sets, "--learning-curve", ...options]);
};

it("fit --learning-curve fine-tunes on shares of the rows too, and says whether more would help", async () => {
  const out = join(tiny.folder, "curve");
  const { code, stderr } = await fit(out);
  expect(code).toBe(0);
  const report = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as {
    accuracy: number;
    rows: number;
    learningCurve: { points: { rows: number; values: Record<string, number> }[]; says: string };
  };
  const { points, says } = report.learningCurve;
  const all = 154 - report.rows;
  expect(points.map(({ rows }) => rows)).toEqual([0.25, 0.5, 0.75, 1].map((share) => Math.round(share * all)));
  // The last point is the model that is written.
  expect(points.at(-1)?.values.accuracy).toBe(report.accuracy);
  expect(says).toMatch(/^From 7\d to 100\s% of the rows the fine-tuned model .*more rows of this kind/);
  expect(stderr).toContain(says);
  expect(stderr).toMatch(/^learning curve: 25\s% of the training rows, \d+$/m);
});

it("fit --learning-curve is refused beside folds, and where nothing is fine-tuned", async () => {
  const [folds, quick] = [
    await fit(join(tiny.folder, "folds"), "--folds", "2"),
    await fit(join(tiny.folder, "quick"), "--set", "effort=quick"),
  ];
  expect([folds.code, quick.code]).toEqual([2, 2]);
  expect(folds.stderr).toContain("--learning-curve and --folds are both given.");
  expect(quick.stderr).toContain("The effort is “quick”, which fine-tunes nothing.");
});
