import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const tabtune = async (command: string, options: string[]) => {
  const { code, stdout, stderr } = await runProgram(["tabtune", command, ...options], "");
  expect(code, stderr).toBe(0);
  return { stdout, stderr };
};
const added = v.object({ copies: v.pipe(v.number(), v.minValue(1)) });
const shares = ["augmentDeletion=0.2", "augmentMask=0.1", "augmentCopies=2"].flatMap((one) => ["--set", one]);
const filed = async (out: string) =>
  v.parse(
    v.looseObject({ augmentation: added, rows: v.number() }),
    JSON.parse(await readFile(join(out, "report.json"), "utf8")),
  );

it(
  "inspect shows changed copies, and fit trains on them and says how many they are",
  async () => {
    const { stdout } = await tabtune("inspect", ["--data", tiny.data, "--valid", tiny.valid, ...shares]);
    const { augmentation } = v.parse(
      v.object({ augmentation: v.object({ ...added.entries, samples: v.array(v.looseObject({})) }) }),
      JSON.parse(stdout),
    );
    expect(augmentation.samples[0]).toHaveProperty("after");
    const out = join(tiny.folder, "run");
    const data = ["--model", tiny.model, "--data", tiny.data, "--valid", tiny.valid, "--backend", "wasm"];
    const { stderr } = await tabtune("fit", [...data, ...shares, "--steps", "2", "--out", out]);
    const { copies } = (await filed(out)).augmentation;
    expect(copies).toBe(augmentation.copies);
    expect(stderr).toContain(`${copies} changed copies of`);
    expect(await readFile(join(out, "model", "README.md"), "utf8")).toContain(`${copies} changed copies of them`);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain(`${copies} changed copies of them`);
  },
  MINUTES,
);

it(
  "folds train on copies of their own rows, and score rows of the file alone",
  async () => {
    const out = join(tiny.folder, "folds");
    const data = [
      "--model",
      tiny.model,
      "--data",
      tiny.data,
      "--backend",
      "wasm",
      "--folds",
      "2",
      "--set",
      "effort=quick",
    ];
    await tabtune("fit", [...data, ...shares, "--out", out]);
    const rows = (await readFile(tiny.data, "utf8")).trim().split("\n").length - 1;
    expect((await filed(out)).rows).toBeLessThanOrEqual(rows);
    const lines = (await readFile(join(out, "out-of-fold.csv"), "utf8")).trim().split("\n").slice(1);
    expect(new Set(lines.map((line) => line.split(",")[0])).size).toBe(lines.length);
    expect(await readFile(join(out, "model", "README.md"), "utf8")).toContain("changed copies of them");
  },
  MINUTES,
);
