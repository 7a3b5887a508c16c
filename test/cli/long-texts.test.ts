import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
const report = v.object({ rows: v.number(), accuracy: v.number(), logLoss: v.number() });
const config = v.object({
  tabtune: v.strictObject({ maxLength: v.number(), longTexts: v.string(), windowOverlap: v.number() }),
});

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

/** Three of a text's own tokens in a window; the tiny texts have four and five. */
const set = ["longTexts=windows", "maxLength=5", "windowOverlap=1", "batchSize=8"].flatMap((one) => ["--set", one]);
const tabtune = async (command: string, options: string[], input = "") => {
  const { code, stdout, stderr } = await runProgram(["tabtune", command, "--backend", "wasm", ...options], input);
  expect(code, stderr).toBe(0);
  return { stdout, stderr };
};

describe("long texts in windows, on the command line", () => {
  it(
    "are counted before the start, trained on, and scored and predicted as texts",
    async () => {
      const rows = (await readFile(tiny.valid, "utf8")).trim().split("\n").slice(1);
      const files = ["--model", tiny.model, "--data", tiny.data, "--valid", tiny.valid, ...set];
      const planned = await tabtune("plan", files);
      const { windows } = v.parse(
        v.object({ windows: v.object({ train: v.number(), validation: v.number() }) }),
        JSON.parse(planned.stdout),
      );
      expect(windows.validation).toBe(2 * rows.length);
      expect(planned.stderr).toContain(`Windows  ${windows.train} to train on, ${windows.validation} to validate on`);

      const out = join(tiny.folder, "run");
      const fitted = await tabtune("fit", [...files, "--steps", "6", "--out", out]);
      expect(fitted.stderr).toContain(`rows to train on in ${windows.train} windows, ${rows.length} held out; 6 steps`);
      const own = v.parse(report, JSON.parse(await readFile(join(out, "report.json"), "utf8")));
      expect(own.rows).toBe(rows.length);
      const model = join(out, "model");
      const { tabtune: stated } = v.parse(config, JSON.parse(await readFile(join(model, "config.json"), "utf8")));
      expect(stated).toEqual({ maxLength: 5, longTexts: "windows", windowOverlap: 1 });
      const predictions = (await readFile(join(model, "predictions.csv"), "utf8")).trim().split(/\r?\n/);
      expect(predictions).toHaveLength(rows.length + 1);

      const evaluated = await tabtune("evaluate", ["--model", model, "--data", tiny.valid]);
      const again = v.parse(report, JSON.parse(evaluated.stdout));
      expect(again.rows).toBe(rows.length);
      expect(again.logLoss).toBeCloseTo(own.logLoss, 4);
      const predicted = await tabtune("predict", ["--model", model], "the film is the best\nthis phone is great\n");
      expect(predicted.stdout.trim().split("\n")).toHaveLength(2);
    },
    MINUTES,
  );
});
