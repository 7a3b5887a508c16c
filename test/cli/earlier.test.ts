import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { fileSource } from "../../src/io/node-file.ts";
import { openSafetensors } from "../../src/io/safetensors.ts";
import { tinyTensors } from "../model/tiny-checkpoint.ts";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
const eventSchema = v.looseObject({
  type: v.string(),
  rows: v.optional(v.number()),
  report: v.optional(v.looseObject({ rows: v.number() })),
});

let tiny: TinyFolder;
let earlier: string;

beforeAll(async () => {
  tiny = await tinyFolder();
  earlier = join(tiny.folder, "earlier.csv");
  // Classes of the tiny checkpoint's own classifier, under names that no guess of columns needs.
  const rows = Array.from({ length: 30 }, (_, i) => `number ${i} of the earlier rows,LABEL_${i % 3},${i}`);
  await writeFile(earlier, ["message,kind,place", ...rows].join("\n"));
});

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

async function fit(out: string, ...options: string[]) {
  const files = ["--model", tiny.model, "--data", tiny.data, "--valid", tiny.valid, "--out", out];
  const settings = ["epochs=1", "batchSize=8", "maxLength=32", "evaluationsPerEpoch=0"].flatMap((set) => [
    "--set",
    set,
  ]);
  return runProgram(["tabtune", "fit", ...files, ...settings, "--backend", "wasm", ...options]);
}

async function eventsOf(out: string) {
  const lines = (await readFile(join(out, "metrics.jsonl"), "utf8")).trim().split("\n");
  return lines.map((line) => v.parse(eventSchema, JSON.parse(line)));
}

describe("tabtune fit with an earlier task", () => {
  it(
    "consolidates, rehearses and measures, and exports the new classifier alone",
    async () => {
      const out = join(tiny.folder, "out");
      const columns = ["--earlier-text", "message", "--earlier-label", "kind"];
      const against = ["ewc=10", "ewcRows=4", "rehearsal=0.25"].flatMap((set) => ["--set", set]);
      const { code, stderr } = await fit(out, "--earlier", earlier, ...columns, ...against);
      expect([code, stderr.split("\n").filter((line) => line.startsWith("earlier task at step"))]).toEqual([
        0,
        [expect.stringContaining("(6 rows)"), expect.stringContaining("step 10: accuracy")],
      ]);
      expect(stderr).toContain("4 of 4 rows");
      const events = await eventsOf(out);
      expect(events.filter(({ type }) => type === "step").map(({ rows }) => rows)).toEqual([
        ...new Array<number>(9).fill(10),
        7,
      ]);
      expect(events.flatMap(({ type, report }) => (type === "earlier" ? [report?.rows] : []))).toEqual([6, 6]);
      const { tensors } = await openSafetensors(await fileSource(join(out, "model/model.safetensors")));
      expect([...tensors.keys()].sort()).toEqual([...(await tinyTensors()).keys()].sort());
      expect(tensors.get("classifier.bias")?.shape).toEqual([2]);
    },
    MINUTES,
  );

  it(
    "scores rows of a file of their own, and takes their texts out of those it may use",
    async () => {
      const out = join(tiny.folder, "held");
      const columns = ["--earlier-text", "message", "--earlier-label", "kind"];
      const { code, stderr } = await fit(out, "--earlier", earlier, ...columns, "--earlier-valid", earlier);
      expect(code).toBe(2);
      expect(stderr).toContain("fewer than two classes are left");
      const held = join(tiny.folder, "held.csv");
      await writeFile(held, ["message,kind", "one more,LABEL_0", "number 4 of the earlier rows,LABEL_1"].join("\n"));
      const again = await fit(out, "--earlier", earlier, ...columns, "--earlier-valid", held);
      expect([again.code, again.stderr.includes("(2 rows)")]).toEqual([0, true]);
      expect(again.stderr).toContain("1 training row stands in the validation file too");
    },
    MINUTES,
  );

  it(
    "takes plain texts instead, and measures and holds the language model",
    async () => {
      const texts = join(tiny.folder, "corpus.txt");
      const lines = Array.from({ length: 30 }, (_, i) => `number ${i} of the texts`);
      await writeFile(texts, [...lines, "", ...lines.slice(0, 3)].join("\n"));
      const out = join(tiny.folder, "corpus");
      const against = ["--set", "ewc=10", "--set", "ewcRows=4"];
      const { code, stderr } = await fit(out, "--earlier-corpus", texts, ...against);
      expect([code, stderr.split("\n").filter((line) => line.startsWith("earlier task at step"))]).toEqual([
        0,
        [
          expect.stringContaining("(6 texts)"),
          expect.stringMatching(/step 10: loss of masked words \d+\.\d{4} {2}pseudo-perplexity \d+\.\d {2}\(/),
        ],
      ]);
      expect(stderr).toContain("4 of 4 rows");
      expect(stderr).toContain("no language-model head");
      const scored = (await eventsOf(out)).filter(({ type }) => type === "earlier");
      expect(scored).toMatchObject([6, 6].map((rows) => ({ task: "masked-lm", report: { rows } })));
      const { tensors } = await openSafetensors(await fileSource(join(out, "model/model.safetensors")));
      expect([...tensors.keys()].sort()).toEqual([...(await tinyTensors()).keys()].sort());

      const held = join(tiny.folder, "held.txt");
      await writeFile(held, lines.slice(0, 2).join("\n"));
      const again = await fit(out, "--earlier-corpus", texts, "--earlier-valid", held);
      expect([again.code, again.stderr.includes("(2 texts)")]).toEqual([0, true]);
      const rehearsed = await fit(out, "--earlier-corpus", texts, "--set", "rehearsal=0.1");
      expect([rehearsed.code, rehearsed.stderr.includes("Set rehearsal to 0")]).toEqual([2, true]);
    },
    MINUTES,
  );

  it(
    "ends with 2 and words on rows without the checkpoint's classes, on a column there is not, and on no rows",
    async () => {
      const out = join(tiny.folder, "not");
      const classes = await fit(out, "--earlier", tiny.data);
      expect([classes.code, classes.stderr.includes("LABEL_0, LABEL_1, LABEL_2")]).toEqual([2, true]);
      const column = await fit(out, "--earlier", earlier, "--earlier-label", "colour");
      expect([column.code, column.stderr.includes("no column “colour”")]).toEqual([2, true]);
      const none = await fit(out, "--set", "rehearsal=0.1");
      expect([none.code, none.stderr.includes("--earlier")]).toEqual([2, true]);
    },
    MINUTES,
  );
});
