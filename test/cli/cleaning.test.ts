import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
const report = v.object({ rows: v.number(), logLoss: v.number() });
const config = v.object({
  tabtune: v.object({ cleaning: v.strictObject({ cleanHtml: v.boolean(), cleanUrls: v.boolean() }) }),
});
const step = v.object({ step: v.string(), on: v.boolean(), rows: v.number(), samples: v.array(v.looseObject({})) });

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const tabtune = async (command: string, options: string[], input = "") => {
  const { code, stdout, stderr } = await runProgram(["tabtune", command, ...options], input);
  expect(code, stderr).toBe(0);
  return { stdout, stderr };
};
const set = ["cleanHtml=true", "cleanUrls=true"].flatMap((one) => ["--set", one]);

it(
  "texts are cleaned alike in inspect, fit, evaluate and predict",
  async () => {
    const plain = await readFile(tiny.valid, "utf8");
    const messy = plain.replace(/^(.*),(good|bad)$/gm, "<p>$1<br/>https://a.org/$2</p>,$2");
    const valid = join(tiny.folder, "messy.csv");
    await writeFile(valid, messy);
    const rows = plain.trim().split("\n").length - 1;

    const inspected = await tabtune("inspect", ["--data", valid, "--set", "cleanHtml=true"]);
    const { cleaning } = v.parse(v.object({ cleaning: v.array(step) }), JSON.parse(inspected.stdout));
    expect(cleaning.map(({ step, on, rows }) => [step, on, rows]).slice(0, 3)).toEqual([
      ["cleanHtml", true, rows],
      ["cleanUnicode", false, 0],
      ["cleanUrls", false, rows],
    ]);
    expect(cleaning[0]?.samples[0]).toMatchObject({
      row: 1,
      line: 2,
      before: expect.stringContaining("<p>") as string,
    });

    const out = join(tiny.folder, "run");
    const data = ["--model", tiny.model, "--data", tiny.data, "--valid", valid, "--backend", "wasm"];
    await tabtune("fit", [...data, ...set, "--steps", "2", "--out", out]);
    const own = v.parse(report, JSON.parse(await readFile(join(out, "report.json"), "utf8")));
    const model = join(out, "model");
    const { tabtune: stated } = v.parse(config, JSON.parse(await readFile(join(model, "config.json"), "utf8")));
    expect(stated.cleaning).toEqual({ cleanHtml: true, cleanUrls: true });
    const card = await readFile(join(model, "README.md"), "utf8");
    expect(card).toContain("HTML is taken out and its entities are decoded and web addresses become http.");
    expect(card).toContain("def clean(text):");

    const evaluated = await tabtune("evaluate", ["--model", model, "--data", valid, "--backend", "wasm"]);
    const again = v.parse(report, JSON.parse(evaluated.stdout));
    expect(again.rows).toBe(rows);
    expect(again.logLoss).toBeCloseTo(own.logLoss, 4);
    const texts = "<b>the film</b> is great\nthe film is great\n";
    const predicted = await tabtune("predict", ["--model", model, "--backend", "wasm"], texts);
    const [first, second] = predicted.stdout.trim().split("\n");
    expect(first).toBe(second);
  },
  MINUTES,
);
