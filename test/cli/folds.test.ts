import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTable } from "../../src/data/table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { byRow } from "../data/cells.ts";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;

beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

interface Report {
  rows: number;
  accuracy: number;
  intervals: { accuracy: [number, number] };
  test: { rows: number };
  folds: {
    k: number;
    repeats: number;
    each: { repeat: number; fold: number; trainRows: number; rows: number; accuracy: number; epoch: number }[];
    mean: Record<string, number>;
    deviation: Record<string, number>;
    interval: Record<string, [number, number]>;
  };
}

const fit = (out: string, ...options: string[]) =>
  runProgram([
    "tabtune",
    "fit",
    "--model",
    tiny.model,
    "--data",
    tiny.data,
    "--out",
    out,
    "--backend",
    "cpu",
    ...options,
  ]);

const reportOf = async (out: string) => JSON.parse(await readFile(join(out, "report.json"), "utf8")) as Report;

async function rowsOfCsv(path: string): Promise<string[][]> {
  const { columns, cells } = await openTable(await fileSource(path), { header: true });
  return [columns, ...byRow(cells)];
}

describe("fit --folds", () => {
  it("scores every row once in a repeat, sums up the folds, and writes a final model of all rows", async () => {
    const out = join(tiny.folder, "tuned");
    const sets = ["epochs=2", "batchSize=16", "baseline=false"].flatMap((set) => ["--set", set]);
    const { code, stderr } = await fit(out, "--folds", "3", "--repeats", "2", "--test", tiny.valid, ...sets);
    expect(stderr).toMatch(/^fold 3 of repeat 2 \(6 in all\): accuracy \d\.\d{4}/m);
    expect(stderr).toMatch(/^the final model, on all rows, to epoch \d/m);
    expect(code).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      "label-issues.csv",
      "metrics.jsonl",
      "model",
      "out-of-fold.csv",
      "report.json",
    ]);
    const { folds, rows, accuracy, intervals, test } = await reportOf(out);
    expect([folds.k, folds.repeats, folds.each.length, rows, test.rows]).toEqual([3, 2, 6, 77, 19]);
    const scores = folds.each.map((one) => one.accuracy);
    expect(folds.mean.accuracy).toBeCloseTo(
      scores.reduce((sum, score) => sum + score / 6, 0),
      10,
    );
    const [low = 1, high = 0] = folds.interval.accuracy ?? [];
    expect(low).toBeLessThan(folds.mean.accuracy ?? 0);
    expect(high).toBeGreaterThan(folds.mean.accuracy ?? 1);
    const right = folds.each.slice(0, 3).reduce((sum, one) => sum + one.accuracy * one.rows, 0);
    expect(accuracy).toBeCloseTo(right / 77, 10);

    const table = (await rowsOfCsv(tiny.data)).slice(1);
    const issues = await rowsOfCsv(join(out, "label-issues.csv"));
    expect(issues[0]).toEqual(["rank", "row", "label", "suggested", "score", "text"]);
    expect(issues).toHaveLength(78);
    for (const [place, [rank, row, label, , score, text]] of issues.slice(1).entries()) {
      expect(Number(rank)).toBe(place + 1);
      expect([text, label]).toEqual(table[Number(row) - 1]);
      expect(Number(score)).toBeGreaterThanOrEqual(Number(issues[place]?.[4] ?? 0) || 0);
    }
    const outOfFold = await rowsOfCsv(join(out, "out-of-fold.csv"));
    expect(outOfFold[0]).toEqual(["row", "fold", "text", "label", "predicted", "probability_bad", "probability_good"]);
    expect(outOfFold.slice(1).map(([row]) => Number(row))).toEqual(table.map((_, row) => row + 1));
    expect(outOfFold.slice(1).filter(([, , , label, predicted]) => label === predicted).length / 77).toBeCloseTo(
      accuracy,
      10,
    );

    const events = (await readFile(join(out, "metrics.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; fold: unknown });
    const ends = events.filter(({ type }) => type === "end").map(({ fold }) => fold);
    expect(ends).toEqual([1, 2, 3, 1, 2, 3, "final"]);
    const card = await readFile(join(out, "model", "README.md"), "utf8");
    expect(card).toContain("Cross-validation of 6 folds: each of 77 rows");
    expect(card).toContain("percentile bootstrap of the 77 rows");
    const [least, most] = intervals.accuracy;
    expect(card).toContain(`accuracy ${least.toFixed(4)} to ${most.toFixed(4)}`);
    const predicted = await runProgram(
      ["tabtune", "predict", "--model", join(out, "model"), "--backend", "cpu"],
      "the film is great\n",
    );
    expect(predicted.stdout).toContain('"label"');
  });

  it("with the effort “quick” fits linear models, of whole groups", async () => {
    const out = join(tiny.folder, "quick");
    const lines = (await readFile(tiny.data, "utf8")).trim().split("\n");
    const data = join(tiny.folder, "grouped.csv");
    await writeFile(
      data,
      lines.map((line, i) => `${line},${i === 0 ? "subject" : line.split(" ").slice(0, 2).join(" ")}`).join("\n"),
    );
    const { code, stderr } = await fit(
      out,
      "--data",
      data,
      "--folds",
      "4",
      "--group",
      "subject",
      "--set",
      "effort=quick",
    );
    expect(stderr).toContain("Written: ");
    expect(code).toBe(0);
    const { folds, rows } = await reportOf(out);
    expect(rows).toBe(77);
    expect(folds.each.reduce((sum, one) => sum + one.rows, 0)).toBe(77);
    expect(await readdir(join(out, "model"))).toContain("model.safetensors");
    const foldOf = new Map<string, Set<string>>();
    for (const [, fold = "", text = ""] of (await rowsOfCsv(join(out, "out-of-fold.csv"))).slice(1)) {
      const subject = text.split(" ").slice(0, 2).join(" ");
      foldOf.set(subject, (foldOf.get(subject) ?? new Set()).add(fold));
    }
    expect([...foldOf.values()].every(({ size }) => size === 1)).toBe(true);
  });

  it("refuses what cannot be folded, in words, and leaves the folder as it was", async () => {
    const out = join(tiny.folder, "refused");
    const many = await fit(out, "--folds", "60");
    expect([many.code, many.stderr]).toEqual([2, expect.stringContaining("different texts for 60 folds")]);
    const valid = await fit(out, "--folds", "3", "--valid", tiny.valid);
    expect(valid.stderr).toContain("--folds and --valid are both given.");
    const repeats = await fit(out, "--repeats", "3");
    expect(repeats.stderr).toContain("--repeats is given without --folds.");
    expect(await readdir(tiny.folder)).not.toContain("refused");
  });
});
