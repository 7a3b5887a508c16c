import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
const eventSchema = v.looseObject({ type: v.string(), rows: v.optional(v.number()) });

let tiny: TinyFolder;

beforeAll(async () => {
  tiny = await tinyFolder();
});

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

/** Runs `tabtune fit` on the processor with a text file of three texts, one of which is held out. */
async function fit(...settings: string[]) {
  const { folder, model, data, valid } = tiny;
  const [texts, out] = [join(folder, "own.txt"), join(folder, "out")];
  const [, heldOut = ""] = (await readFile(valid, "utf8")).split("\n");
  await writeFile(texts, `the soup was dull\n${heldOut.split(",")[0]}\nher game is a joy\n`);
  const files = ["--model", model, "--data", data, "--valid", valid, "--text-file", texts, "--out", out];
  return { ended: await runProgram(["tabtune", "fit", ...files, ...settings, "--backend", "wasm"]), out };
}

describe("tabtune fit --text-file", () => {
  it(
    "pretrains on the file's texts before it fine-tunes on the table's",
    async () => {
      const { ended, out } = await fit(
        ...["pretrainEpochs=3", "epochs=0.2", "maxLength=64"].flatMap((one) => ["--set", one]),
      );
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stderr).toMatch(/pretraining step 3\/3 {2}loss \d/);
      expect(ended.stderr).toMatch(
        /pretraining evaluation at step 3: loss of masked words .* pseudo-perplexity .* \(19 held-out texts\)/,
      );
      const lines = (await readFile(join(out, "metrics.jsonl"), "utf8")).trim().split("\n");
      const events = lines.map((line) => v.parse(eventSchema, JSON.parse(line)));
      expect(events.filter(({ type }) => type === "pretrainStep").map(({ rows }) => rows)).toEqual([2, 2, 2]);
      expect(events.filter(({ type }) => type === "pretrainEvaluation")).toHaveLength(4);
      expect(events.at(-1)?.type).toBe("end");
    },
    MINUTES,
  );

  it(
    "refuses a file that the recipe would not read",
    async () => {
      const { ended } = await fit();
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain("--set pretrainEpochs=3");
    },
    MINUTES,
  );
});
