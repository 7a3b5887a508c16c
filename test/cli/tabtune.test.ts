import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { fileSource } from "../../src/io/node-file.ts";
import { openSafetensors } from "../../src/io/safetensors.ts";
import { fields } from "../../src/recipe/fields.ts";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";
import { tinyTensors } from "../model/tiny-checkpoint.ts";
import { runProgram, type Ended } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
const predictionSchema = v.strictObject({
  label: v.string(),
  scores: v.strictObject({ bad: v.number(), good: v.number() }),
});
const tabtune = (...options: string[]) => runProgram(["tabtune", ...options]);

let tiny: TinyFolder;
let out: string;
let fitted: Ended;

beforeAll(async () => {
  tiny = await tinyFolder();
  out = join(tiny.folder, "out");
  const recipe = [
    "learningRate=2e-3",
    "epochs=8",
    "batchSize=8",
    "maxLength=64",
    "hiddenDropout=0",
    "attentionDropout=0",
    "classifierDropout=0",
    "evaluationsPerEpoch=1",
  ];
  const settings = recipe.flatMap((setting) => ["--set", setting]);
  const { model, data, valid } = tiny;
  const files = ["--model", model, "--data", data, "--valid", valid, "--out", out];
  fitted = await tabtune("fit", ...files, ...settings, "--backend", "wasm");
}, MINUTES);

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

const json = async (...path: string[]): Promise<unknown> => JSON.parse(await readFile(join(out, ...path), "utf8"));

describe("tabtune fit", () => {
  it("ends with 0, prints nothing on standard output and progress on standard error", () => {
    expect(fitted.stderr).toContain("wasm · SIMD");
    expect(fitted.stderr).toMatch(/77 rows to train on, 19 held out; 80 steps, 10 per epoch/);
    expect(fitted.stderr).toMatch(/finished after 80 steps/);
    expect([fitted.code, fitted.stdout]).toEqual([0, ""]);
  });

  it("prints its advice at the end, a line a finding, as settings to try", async () => {
    const { model, data, valid } = tiny;
    const files = ["--model", model, "--data", data, "--valid", valid, "--out", join(tiny.folder, "cut")];
    const { code, stderr, stdout } = await tabtune("fit", ...files, "--set", "maxLength=5", "--backend", "wasm");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^learning rate: automatic, 1e-4, because the model's hidden size is \d+$/m);
    expect(stderr).toMatch(/^epochs: automatic, 20, because 77 training rows make 5 steps per epoch/m);
    const used = parseRecipe(await readFile(join(tiny.folder, "cut", "model", "recipe.json"), "utf8"));
    expect(used).toMatchObject({ learningRate: 1e-4, epochs: 20, maxLength: 5 });
    expect(stderr).toMatch(/^advice: Rows are cut[.] .*longer than 5 tokens.* \(--set 'maxLength=8'\)[.]$/m);
    expect(stderr.match(/^advice: Rows/gm)).toHaveLength(1);
  });

  it("writes a Hugging Face folder with all the files of the weights' names", async () => {
    const names = await readdir(join(out, "model"));
    const expected = [
      "README.md",
      "config.json",
      "metrics.jsonl",
      "model.safetensors",
      "predictions.csv",
      "recipe.json",
    ];
    expect(names.sort()).toEqual([...expected, "tokenizer.json", "tokenizer_config.json"]);
    const { tensors, metadata } = await openSafetensors(await fileSource(join(out, "model/model.safetensors")));
    const base = await tinyTensors();
    expect([...tensors.keys()].sort()).toEqual([...base.keys()].sort());
    for (const [name, { shape }] of base) {
      expect(tensors.get(name)?.shape, name).toEqual(name.startsWith("classifier.") ? [2, ...shape.slice(1)] : shape);
    }
    expect(metadata.get("format")).toBe("pt");
    expect(await json("model", "config.json")).toMatchObject({
      architectures: ["BertForSequenceClassification"],
      model_type: "bert",
      num_labels: 2,
      id2label: { 0: "bad", 1: "good" },
      label2id: { bad: 0, good: 1 },
      dtype: "float32",
    });
    const recipe = parseRecipe(await readFile(join(out, "model/recipe.json"), "utf8"), "recipe.json");
    expect(recipe).toMatchObject({ learningRate: 2e-3, epochs: 8, hiddenDropout: 0, weightDecay: 0.01 });
  });

  it("writes its events, a line each, and a report of what it has learned", async () => {
    const lines = (await readFile(join(out, "metrics.jsonl"), "utf8")).trim().split("\n");
    const types = lines.map((line) => v.parse(v.object({ type: v.string() }), JSON.parse(line)).type);
    expect(types.filter((type) => type === "step")).toHaveLength(80);
    expect(types.indexOf("plan")).toBeLessThan(types.indexOf("step"));
    expect(types.at(-1)).toBe("end");
    const report = await json("report.json");
    expect(report).toMatchObject({ labelNames: ["bad", "good"], weights: "best", rows: 19 });
    expect(v.parse(v.object({ macro: v.object({ f1: v.number() }) }), report).macro.f1).toBeGreaterThan(0.9);
  });
});

describe("tabtune evaluate", () => {
  it(
    "gives of the exported folder the report that fit gave",
    async () => {
      const { code, stdout } = await tabtune(
        "evaluate",
        "--model",
        join(out, "model"),
        "--data",
        tiny.valid,
        "--backend",
        "wasm",
      );
      expect(code).toBe(0);
      const report = v.parse(v.record(v.string(), v.unknown()), JSON.parse(stdout));
      const own = v.parse(v.record(v.string(), v.unknown()), await json("report.json"));
      const { weights, step, logLoss, automatic, baseline, calibration, intervals, slices, split, ...rest } = own;
      expect([slices, split]).toEqual([expect.any(Object), expect.any(Object)]);
      expect(automatic).toHaveProperty("classWeights.because");
      expect(baseline).toMatchObject({ trainRows: 77, rows: 19, against: { metric: "macroF1" } });
      expect(baseline).toHaveProperty("against.mcnemar.p");
      const { logLoss: logLossAgain, calibration: calibrationAgain, intervals: intervalsAgain, ...again } = report;
      const bounds = v.looseObject({ accuracy: v.array(v.number()), macroF1: v.array(v.number()) });
      const pick = (of: unknown) => {
        const { accuracy, macroF1 } = v.parse(bounds, of);
        return { accuracy, macroF1 };
      };
      expect(pick(intervalsAgain)).toEqual(pick(intervals));
      const figures = v.object({ ece: v.number(), brier: v.number(), temperature: v.number() });
      const [one, other] = [v.parse(figures, calibration), v.parse(figures, calibrationAgain)];
      expect(Math.abs(one.ece - other.ece) + Math.abs(one.brier - other.brier)).toBeLessThan(1e-4);
      expect([weights, typeof step]).toEqual(["best", "number"]);
      expect(again).toEqual(rest);
      expect(Math.abs(Number(logLossAgain) - Number(logLoss))).toBeLessThan(1e-5);
    },
    MINUTES,
  );

  it(
    "writes it to a file when asked",
    async () => {
      const file = join(tiny.folder, "report.json");
      const options = ["--model", join(out, "model"), "--data", tiny.valid, "--backend", "wasm", "--out", file];
      const { code, stdout } = await tabtune("evaluate", ...options);
      expect([code, stdout]).toEqual([0, ""]);
      expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ rows: 19 });
    },
    MINUTES,
  );

  it(
    "refuses a checkpoint without a classifier of its own classes",
    async () => {
      const { code, stderr } = await tabtune(
        "evaluate",
        "--model",
        tiny.model,
        "--data",
        tiny.valid,
        "--backend",
        "wasm",
      );
      expect(code).toBe(2);
      expect(stderr).toContain("LABEL_0");
    },
    MINUTES,
  );
});

describe("tabtune predict", () => {
  it(
    "prints one JSON object a line and nothing else, in the order of the texts, empty ones too",
    async () => {
      const texts = ["the soup is wonderful", "", "the soup is awful", "her book was a joy"];
      const options = ["tabtune", "predict", "--model", join(out, "model"), "--backend", "wasm"];
      const { code, stdout } = await runProgram(options, `${texts.join("\n")}\n`);
      expect(code).toBe(0);
      const predictions = stdout
        .trimEnd()
        .split("\n")
        .map((line) => v.parse(predictionSchema, JSON.parse(line)));
      expect(predictions).toHaveLength(4);
      expect([0, 2, 3].map((row) => predictions[row]?.label)).toEqual(["good", "bad", "good"]);
      for (const { label, scores } of predictions) {
        expect(scores.bad + scores.good).toBeCloseTo(1, 5);
        expect(label).toBe(scores.good > scores.bad ? "good" : "bad");
      }
    },
    MINUTES,
  );

  it(
    "prints nothing for nothing",
    async () => {
      const { code, stdout } = await tabtune("predict", "--model", join(out, "model"), "--backend", "wasm");
      expect([code, stdout]).toEqual([0, ""]);
    },
    MINUTES,
  );
});

describe("the options", () => {
  it.each([["--help"], ["fit", "--help"], ["evaluate", "--help"], ["predict", "--help"]])(
    "show help: %s %s",
    async (...options) => {
      const { code, stderr, stdout } = await tabtune(...options.filter((option) => option !== undefined));
      expect(code).toBe(0);
      expect(stderr + stdout).toContain("npm run -s tabtune -- ");
    },
    MINUTES,
  );

  it(
    "of fit are explained with every field of the recipe",
    async () => {
      const { stderr, stdout } = await tabtune("fit", "--help");
      const help = stderr + stdout;
      for (const text of ["--model", "--valid", "--steps", "learningRate=0.00002", "maxLength=128", "seed=42"]) {
        expect(help).toContain(text);
      }
      const words = help.replace(/\s+/g, " ");
      expect(words).toContain("automatic: 1e-4 below a hidden size of 512");
      expect(words).toContain("automatic: 3 to 20, as many as make at least 300 steps");
      for (const [field, { what }] of Object.entries(fields)) {
        expect(words).toContain(`${field}=`);
        expect(words).toContain(what);
      }
    },
    MINUTES,
  );

  it.each([
    ["a command there is not", ["train"], "train"],
    ["no model", ["fit", "--data", "x.csv", "--out", "x"], "--model is missing"],
    ["no output", ["fit", "--model", "x", "--data", "x.csv"], "--out is missing"],
    ["an option there is not", ["fit", "--colour", "red"], "--colour"],
    ["an option without its value", ["evaluate", "--model"], "--model"],
    ["something that is no option", ["predict", "red"], "red"],
    ["a model that is not there", ["predict", "--model", "nowhere/at/all"], "nowhere/at/all"],
    ["no number of steps", ["fit", "--out", "x", "--steps", "many"], "many"],
    ["a setting without a value", ["fit", "--out", "x", "--set", "learningRate"], "learningRate"],
    ["a field there is not", ["fit", "--out", "x", "--set", "colour=3"], "colour"],
    ["a preset there is not", ["fit", "--out", "x", "--preset", "magic"], "magic"],
    ["a preset and a file", ["fit", "--out", "x", "--preset", "lora", "--recipe", "y"], "--preset"],
    ["a value out of range", ["fit", "--out", "x", "--set", "epochs=-1"], "epochs"],
  ])(
    "end with 2 and words on %s",
    async (_, options, named) => {
      const { code, stderr, stdout } = await tabtune(...options);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(named);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    MINUTES,
  );

  it(
    "end with 2 and words on a backend or a column there is not",
    async () => {
      const files = ["--model", tiny.model, "--data", tiny.data, "--out", join(tiny.folder, "not")];
      const backend = await tabtune("fit", ...files, "--backend", "abacus");
      expect([backend.code, backend.stderr.includes("“abacus”")]).toEqual([2, true]);
      const column = await tabtune("fit", ...files, "--label", "colour");
      expect([column.code, column.stderr.includes("no column “colour”")]).toEqual([2, true]);
      expect(column.stderr).toContain("text, label");
    },
    MINUTES,
  );

  it(
    "end with 2 and words on a max length beyond the positions",
    async () => {
      const files = ["--model", tiny.model, "--data", tiny.data, "--out", join(tiny.folder, "not"), "--backend", "cpu"];
      const { code, stderr } = await tabtune("fit", ...files, "--set", "maxLength=65");
      expect(code).toBe(2);
      expect(stderr).toMatch(/65 tokens\.\nThis model has 64 positions\.\nSet max length to 64/);
    },
    MINUTES,
  );
});
