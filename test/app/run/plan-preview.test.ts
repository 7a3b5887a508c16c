import { describe, expect, it } from "vitest";
import { previewLines } from "../../../src/app/run/plan-preview.ts";
import type { EarlierKind } from "../../../src/app/state.ts";
import type { DataSummary } from "../../../src/data/summary.ts";
import { defaultRecipe, type Recipe } from "../../../src/recipe/recipe.ts";
import { modelSummary, runPlan } from "../fake-session.ts";

const data: DataSummary = {
  task: "single-label",
  taskReason: "",
  labelNames: ["ham", "spam"],
  targets: { trainCounts: [3860, 598], validationCounts: [965, 149] },
  trainRows: 4458,
  validationRows: 1114,
  droppedRows: 0,
  unlabelledRows: 0,
  lengths: { unit: "words", binWidth: 1, counts: [], longest: 0, mean: 0, longerThan: [] },
  findings: [],
};

describe("previewLines", () => {
  it("follow the effort, and count the baseline", () => {
    const steps = (changes: Partial<Recipe>) =>
      previewLines({ ...defaultRecipe, ...changes }, data, null).find(({ name }) => name === "Steps")?.value;
    expect(steps({ effort: "quick" })).toBe("none: the baseline alone");
    expect(steps({ effort: "time", timeBudget: 2.5 })).toBe(
      "as many as fit into 2.5 minutes, up to 837: 3 epochs of 279",
    );
    expect(steps({ effort: "plateau", earlyStopping: 4 })).toBe("up to 837: 3 epochs of 279");
    const { time, ...others } = runPlan();
    const timeOf = (changes: Partial<NonNullable<typeof time>>) =>
      previewLines(defaultRecipe, data, null, { plan: { ...others, time: time && { ...time, ...changes } } }).find(
        ({ name }) => name === "Time",
      )?.value;
    expect(timeOf({ probeMs: 12_000, isLimit: true })).toBe(
      "at most 2\u202fmin: 837 steps of 100\u202fms, and evaluations, with 12\u202fs for the baseline before",
    );
    expect(timeOf({ steps: 0, msPerStep: 0, ms: 8000, probeMs: 8000 })).toBe("about 8\u202fs, for the baseline alone");
  });

  it("says rows, steps, batch and evaluations", () => {
    expect(previewLines(defaultRecipe, data, null)).toEqual([
      { name: "Rows", value: "4,458 to train, 1,114 to validate" },
      { name: "Steps", value: "837: 3 epochs of 279" },
      { name: "Batch", value: "16 rows per step, no padding" },
      {
        name: "Evaluations",
        value:
          "31: before the first step (64 rows), 9 times within each epoch (256 rows), after each epoch (all 1,114 rows)",
      },
    ]);
  });

  it("follows the recipe: part of an epoch, accumulation, no sample", () => {
    const recipe = { ...defaultRecipe, epochs: 0.5, accumulate: 2, evaluationsPerEpoch: 0 };
    expect(previewLines(recipe, data, null).map(({ value }) => value)).toEqual([
      "4,458 to train, 1,114 to validate",
      "140: 0.5 epochs of 279",
      "16 rows per step, in 2 micro-batches, no padding",
      "2: before the first step (64 rows), after the epoch (all 1,114 rows)",
    ]);
  });

  it("counts the rows of an epoch in which classes are sampled", () => {
    const linesOf = (sampling: Recipe["sampling"]) =>
      previewLines({ ...defaultRecipe, sampling }, data, null)
        .slice(0, 2)
        .map(({ value }) => value);
    expect(linesOf("oversample")).toEqual([
      "4,458 to train (7,720 in each epoch), 1,114 to validate",
      "1,449: 3 epochs of 483",
    ]);
    expect(linesOf("undersample")).toEqual([
      "4,458 to train (1,196 in each epoch), 1,114 to validate",
      "225: 3 epochs of 75",
    ]);
  });

  it("says of an earlier task what is done with its rows, and what consolidation holds", () => {
    const model = modelSummary();
    const shown = (changes: Partial<Recipe>, earlier: EarlierKind | null) =>
      previewLines({ ...defaultRecipe, ...changes }, data, model, { earlier }).slice(4);
    const [meter, memory] = shown({}, "rows");
    expect(meter).toEqual({ name: "Earlier task", value: "scored at each evaluation" });
    expect(shown({ ewc: 10, ewcRows: 50 }, "texts")[0]?.value).toBe(
      "loss of masked words measured on its texts at each evaluation, importance of the weights measured on up to 50 texts first",
    );
    expect(shown({ rehearsal: 0.25, ewc: 10, ewcRows: 50 }, "rows")[0]?.value).toBe(
      "scored at each evaluation, 4 of its rows in each step, importance of the weights measured on up to 50 rows first",
    );
    expect(memory?.value).toContain("363\u202fMB for weights, gradients and moments, plus");
    expect(shown({ ewc: 10 }, "rows")[1]?.value).toContain("545\u202fMB");
    expect(shown({ ewc: 10 }, null).map(({ name }) => name)).toEqual(["Memory"]);
  });

  it("counts gradients and moments of what trains alone", () => {
    const memory = (changes: Partial<Recipe>) =>
      previewLines({ ...defaultRecipe, ...changes }, data, modelSummary()).at(-1)?.value;
    expect(memory({ frozen: ["embeddings.", "encoder."] })).toContain("93\u202fMB");
    expect(memory({ loraRank: 8 })).toContain("92\u202fMB");
  });

  it("looks at a sample once less than the recipe says, as an epoch ends with all rows", () => {
    const evaluations = (evaluationsPerEpoch: number) =>
      previewLines({ ...defaultRecipe, evaluationsPerEpoch }, data, null).at(-1)?.value;
    const start = "before the first step (64 rows)";
    expect(evaluations(1)).toBe(`4: ${start}, after each epoch (all 1,114 rows)`);
    expect(evaluations(2)).toBe(`7: ${start}, once within each epoch (256 rows), after each epoch (all 1,114 rows)`);
  });

  it("plans no more evaluations than there are steps, and names those that may not come", () => {
    const of = (rows: number, changes: Partial<Recipe>) => {
      const small = { ...data, trainRows: rows, validationRows: 30 };
      return previewLines({ ...defaultRecipe, ...changes }, small, null).find(({ name }) => name === "Evaluations")
        ?.value;
    };
    expect(of(12, { batchSize: 4 })).toBe(
      "10: before the first step (all 30 rows), 2 times within each epoch (all 30 rows), after each epoch (all 30 rows)",
    );
    expect(of(3, {})).toBe("4: before the first step (all 30 rows), after each epoch (all 30 rows)");
    expect(of(80, { epochs: 0.6 })).toBe(
      "4: before the first step (all 30 rows), 2 times within the epoch (all 30 rows), after the epoch (all 30 rows)",
    );
    expect(of(3, { earlyStopping: 2 })).toMatch(/^up to 4: /);
    expect(of(3, { average: "last", averageCount: 3 })).toMatch(/^5: .*, once for the averaged weights$/);
  });

  it("says of pretraining how many steps it takes", () => {
    const recipe = { ...defaultRecipe, pretrainEpochs: 2 };
    expect(previewLines(recipe, data, null)[0]).toEqual({
      name: "Pretraining",
      value: "558 steps on the texts alone, before the fine-tuning",
    });
  });

  it("tells an estimate in place of the rough memory", () => {
    const lines = previewLines(defaultRecipe, null, modelSummary(), { plan: runPlan() });
    expect(lines).toEqual([
      {
        name: "Memory",
        value:
          "600\u202fMB at the peak: weights 90\u202fMB, gradients 90\u202fMB, moments 180\u202fMB, activations 240\u202fMB, other 20\u202fkB",
      },
      { name: "Limit", value: "4.0\u202fGB by the recipe: it fits, with gradient checkpointing" },
      { name: "Time", value: "about 2\u202fmin: 837 steps of 100\u202fms, and evaluations" },
    ]);
    expect(previewLines(defaultRecipe, null, modelSummary())).toHaveLength(1);
    const { memory: held, time, windows } = runPlan();
    const pretrained = { memory: held, windows, time: time && { ...time, pretrainingMs: 30_000 } };
    expect(previewLines(defaultRecipe, null, modelSummary(), { plan: pretrained }).at(-1)?.value).toBe(
      "about 2\u202fmin: 837 steps of 100\u202fms, and evaluations, with 30\u202fs of pretraining before",
    );
    const windowed = { ...runPlan(), windows: { train: 2310, validation: 578 } };
    expect(previewLines(defaultRecipe, null, modelSummary(), { plan: windowed })).toContainEqual({
      name: "Windows",
      value: "2,310 to train, 578 to validate",
    });
    const { memory } = runPlan();
    const tight = { memory: { ...memory, mostTokens: 192, fits: false }, windows, time: null };
    expect(previewLines(defaultRecipe, null, modelSummary(), { plan: tight })[1]?.value).toContain(
      "it does not fit, not even with gradient checkpointing and micro-batches of up to 192 tokens",
    );
    const offers = [{ change: "frozenEmbeddings", total: 3.1e9 } as const, { change: "lowRank", total: 5e8 } as const];
    const offered = { memory: { ...tight.memory, offers }, windows, time: null };
    expect(previewLines(defaultRecipe, null, modelSummary(), { plan: offered })[1]?.value).toContain(
      ". It fits with frozen embeddings (3.1\u202fGB), or with LoRA of rank 8 (500\u202fMB)",
    );
  });

  it("counts windows of long texts by the lengths of the rows, where these are known", () => {
    const recipe: Recipe = { ...defaultRecipe, longTexts: "windows", maxLength: 10, windowOverlap: 3, epochs: 1 };
    // Four rows of 10, 11, 15 and 16 tokens: one, two, two and three windows of 8 of their own tokens.
    const longerThan = [...new Array<number>(10).fill(4), 3, 2, 2, 2, 2, 1, 0];
    const lengths = { unit: "tokens" as const, binWidth: 1, counts: [4], longest: 16, mean: 13, longerThan };
    const [rows, steps] = previewLines(recipe, data, null, { lengths });
    expect(rows?.value).toContain(`in about ${Math.round(data.trainRows * 2).toLocaleString("en-US")} windows`);
    expect(steps?.value).toMatch(
      new RegExp(`^about ${Math.ceil((2 * data.trainRows) / 16).toLocaleString("en-US")}: `),
    );
    expect(previewLines(recipe, data, null)[1]?.value).toMatch(/^at least /);
  });

  it("counts the lines of a text file where there is one to pretrain on", () => {
    const file = { name: "own.txt", bytes: 9, encoding: "utf-8" as const, lines: 1610, words: 9, preview: [] };
    const value = (pretrainEpochs: number) =>
      previewLines({ ...defaultRecipe, pretrainEpochs }, data, null, { textFile: file })[0];
    expect(value(2)?.value).toBe("202 steps on the 1,610 lines of own.txt, before the fine-tuning");
    expect(value(0)?.name).toBe("Rows");
  });

  it("leaves out what is not known yet", () => {
    expect(previewLines(defaultRecipe, null, null)).toEqual([]);
  });
});
