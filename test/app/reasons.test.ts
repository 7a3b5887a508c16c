import { describe, expect, it } from "vitest";
import { blockers, warnings } from "../../src/app/blockers.ts";
import { weightDraft } from "../../src/app/drafts.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import type { ModelSummary } from "../../src/workers/protocol.ts";
import { modelSummary } from "./fake-session.ts";
import { csv, setUp } from "./set-up.ts";

/** Data of 4,460 training rows and a model of 6 layers, ready to start. */
async function ready() {
  const made = setUp();
  await made.actions.useSample();
  await made.actions.useStarter();
  const reasons = () => blockers(made.state()).map(({ field, text }) => [field, text] as const);
  return { ...made, reasons };
}

describe("what keeps a run from starting", () => {
  it.each([
    ["learningRate", "-1", "Learning rate: enter a number above 0, for example 2e-5."],
    ["epochs", "", /^Epochs: enter a number above 0/],
    ["batchSize", "many", /: enter a whole number of rows from 1 to 4,096/],
    ["validationShare", "20", "Held out: enter a share from 0 to 0.9; write 20 % as 0.2."],
    ["seed", "1.5", /^Seed: enter a whole number/],
  ])("is what was typed into %s: %j", async (field, typed, text) => {
    const { actions, reasons, names, state } = await ready();
    actions.setDraft(field, typed);
    const [reason] = reasons();
    expect(reason?.[0]).toBe(field);
    expect(reason?.[1]).toMatch(typeof text === "string" ? new RegExp(`^${text.replace(/[.]/g, "[.]")}$`) : text);
    await actions.start();
    expect(names()).not.toContain("start");
    expect(state().drafts.get(field)).toBe(typed);
  });

  it("is a run of the baseline alone, where there is none", async () => {
    const { actions, reasons, state } = await ready();
    await actions.setRecipe({ effort: "quick" });
    expect(reasons()).toEqual([]);
    const { data } = state();
    const words = {
      ...state(),
      data: { ...data, summary: data.summary && { ...data.summary, task: "token-classification" } },
    };
    expect(blockers(words)).toMatchObject([
      { field: "effort", text: expect.stringContaining("for this task") as string },
    ]);
    await actions.setRecipe({ start: "random" });
    expect(reasons()).toEqual([["effort", expect.stringContaining("start at random")]]);
  });

  it("is not what was typed into a field that does nothing now", async () => {
    const { actions, reasons } = await ready();
    actions.setDraft("schedulePower", "x");
    actions.setDraft("loraAlpha", "x");
    expect(reasons()).toEqual([]);
    await actions.setRecipe({ schedule: "polynomial", loraRank: 4 });
    expect(reasons().map(([field]) => field)).toEqual(["schedulePower", "loraAlpha"]);
  });

  it("is a weight of a class that is none, whatever the class is called", async () => {
    const { actions, reasons } = await ready();
    const weights = Object.fromEntries([
      ["ham", 1],
      ["__proto__", 1],
    ]);
    await actions.setRecipe({ classWeights: weights });
    actions.setDraft(weightDraft("classWeights", "__proto__"), "heavy");
    expect(reasons()).toEqual([["classWeights", "Class weights, __proto__: enter a number above 0, for example 1."]]);
    await actions.setRecipe({ classWeights: "balanced" });
    expect(reasons()).toEqual([]);
  });

  it("is JSON of the recipe that was edited and not applied", async () => {
    const { actions, reasons } = await ready();
    actions.setDraft("json", "{");
    expect(reasons()).toMatchObject([["json", /Apply or discard/]]);
  });

  it.each<[keyof Recipe, Partial<Recipe>, RegExp]>([
    ["warmupSteps", { warmupSteps: 99_999 }, /99,999 is more than the 837 steps of this run. Enter at most 837/],
    ["warmupSteps", { epochs: 0.1, warmupSteps: 29 }, /29 is more than the 28 steps/],
    ["reinitializeLayers", { reinitializeLayers: 7 }, /7 is more than the 6 layers of this model/],
    ["frozen", { frozen: ["embeddings.", "foo."] }, /no parameter of this model begins with “foo[.]”/],
    ["frozen", { frozen: ["encoder.layer.6."] }, /begins with “encoder.layer.6.”.*layers are 0 to 5/],
    ["frozen", { frozen: ["bert.", "classifier."] }, /nothing is left to train/],
    ["average", { average: "last", loraRank: 4 }, /two matrices cannot be averaged separately/],
    ["ema", { ema: 0.99, loraRank: 4 }, /Set it to 0, or the LoRA rank/],
    ["l2sp", { l2sp: 0.01, loraRank: 4 }, /with LoRA no weight of the checkpoint trains/],
    ["l2sp", { l2sp: 0.01, start: "random" }, /nothing starts from the checkpoint/],
    ["maxLength", { maxLength: 513 }, /513 tokens, but this model has 512 positions/],
    [
      "windowOverlap",
      { longTexts: "windows", maxLength: 66 },
      /32 tokens are half a window of 66 or more. Enter at most 31/,
    ],
  ])("is an impossible value of %s: %j", async (field, patch, text) => {
    const { actions, reasons } = await ready();
    await actions.setRecipe(patch);
    expect(reasons()).toHaveLength(1);
    expect(reasons()[0]?.[0]).toBe(field);
    expect(reasons()[0]?.[1]).toMatch(text);
  });

  it("is no value that the run can have", async () => {
    const { actions, reasons, state } = await ready();
    await actions.setRecipe({ warmupSteps: 837, reinitializeLayers: 6, frozen: ["embeddings."], maxLength: 512 });
    expect(reasons()).toEqual([]);
    expect(warnings(state())).toEqual([]);
  });

  it("is what treats layers differently that share their weights, and hidden words without a head for them", async () => {
    const changes = { family: "albert", embeddingSize: 128, layerGroups: 1, languageHead: "missing" } as const;
    const { actions, state } = setUp({ openModel: async () => modelSummary(changes) });
    const reasons = () => blockers(state()).map(({ field, text }) => [field, text] as const);
    await actions.useSample();
    await actions.useStarter();
    await actions.setRecipe({ frozen: ["embeddings.", ...[0, 1, 2, 3, 4, 5].map((i) => `encoder.layer.${i}.`)] });
    expect(reasons()).toEqual([]);
    await actions.setRecipe({ frozen: ["embeddings.", "encoder.layer.0."], pretrainEpochs: 1, layerDecay: 0.9 });
    await actions.setRecipe({ gradualUnfreezing: true, reinitializeLayers: 2 });
    expect(
      reasons()
        .map(([field]) => field)
        .sort(),
    ).toEqual([...["frozen", "gradualUnfreezing", "layerDecay", "pretrainEpochs", "reinitializeLayers"]]);
    expect(Object.fromEntries(reasons())).toMatchObject({
      frozen: expect.stringMatching(/Freeze all of them, or none[.]$/) as string,
      layerDecay: "Layer-wise rate decay: the layers of this model share their weights. Set it to 1.",
      gradualUnfreezing: "Gradual unfreezing: the layers of this model share their weights. Turn it off.",
    });
  });

  it("is no number of steps that windows raise, nor an overlap where there are none", async () => {
    const { actions, reasons, state } = await ready();
    await actions.setRecipe({ longTexts: "windows", maxLength: 67, warmupSteps: 99_999 });
    expect(reasons()).toEqual([]);
    await actions.setRecipe({ longTexts: "cut", maxLength: 20, warmupSteps: 1 });
    expect(reasons()).toEqual([]);
    expect(warnings(state())).toEqual([]);
  });

  it("names what a model of its family lacks", async () => {
    const found = async (changes: Partial<ModelSummary>, patch: Partial<Recipe>) => {
      const made = setUp({ openModel: async () => modelSummary(changes) });
      await made.actions.useSample();
      await made.actions.useStarter();
      await made.actions.setRecipe(patch);
      return [...blockers(made.state()), ...warnings(made.state())].map(({ text }) => text);
    };
    const set: Partial<Recipe> = { loraRank: 4, loraTargets: ["query", "value"] };
    expect(await found({ family: "modernbert", hasPooler: false }, set)).toMatchObject([
      expect.stringMatching(/Choose attention output, intermediate or output instead of query, value[.]$/),
      expect.stringMatching(/no dense layer before the classifier [(]head[.]dense[)], and LoRA/),
    ]);
    expect(await found({ family: "electra", languageHead: "missing" }, { pretrainEpochs: 1 })).toMatchObject([
      expect.stringMatching(/this ELECTRA checkpoint has no head that predicts words/),
    ]);
  });

  it("is no random pooler that LoRA leaves as it is, which is warned of", async () => {
    const made = setUp({ openModel: async () => modelSummary({ hasPooler: false }) });
    await made.actions.useSample();
    await made.actions.useStarter();
    await made.actions.setRecipe({ loraRank: 4 });
    expect(blockers(made.state())).toEqual([]);
    expect(warnings(made.state()).map(({ field }) => field)).toEqual(["pooling"]);
    await made.actions.setRecipe({ loraRank: 4, pooling: "mean" });
    expect(warnings(made.state())).toEqual([]);
  });

  it.each<[Partial<Recipe>, RegExp | null]>([
    [{ learningRate: 1000 }, /^Learning rate: 1000 is far above the usual/],
    [{ learningRate: 0.1 }, /^Learning rate: 0.1 is far above/],
    [{ pretrainEpochs: 1, pretrainLearningRate: 5 }, /5 is far above/],
    [{ pretrainLearningRate: 5 }, null],
    [{ learningRate: 1e-3 }, null],
  ])("is not a doubtful rate, which is warned of: %j", async (patch, text) => {
    const { actions, reasons, state } = await ready();
    await actions.setRecipe(patch);
    expect(reasons()).toEqual([]);
    const found = warnings(state()).map((warning) => warning.text);
    if (text) expect(found).toMatchObject([expect.stringMatching(text)]);
    else expect(found).toEqual([]);
  });

  it.each([
    [{ text: 0, pair: null, label: 0 }, "Text and label are the same column, “label”."],
    [{ text: 1, pair: 0, label: 0 }, "Second text and label are the same column, “label”."],
    [{ text: 1, pair: 1, label: 0 }, "Text and second text are the same column, “text”."],
  ])("is a column in two roles, which costs no trained model: %j", async (columns, text) => {
    const { session, actions, reasons, state, names } = await ready();
    await actions.start();
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    const selections = names().filter((name) => name === "selectRows").length;
    await actions.chooseColumns(columns);
    expect(reasons()[0]).toEqual(["columns", `${text} Choose another column for one of them.`]);
    expect(names().filter((name) => name === "selectRows")).toHaveLength(selections);
    expect(state()).toMatchObject({ question: null, run: { status: "done" } });
  });

  it("is a validation file that is wanted and not there", async () => {
    const { actions, reasons } = await ready();
    actions.wantValidationFile();
    expect(reasons()).toMatchObject([["validation", /second file, but none is open/]]);
    await actions.openValidation(csv("valid.csv"));
    expect(reasons()).toEqual([]);
    await actions.closeValidation();
    expect(reasons()).toEqual([]);
    actions.wantValidationFile();
    await actions.closeValidation();
    expect(reasons()).toEqual([]);
  });

  it("is a text file that is wanted and not there, where the recipe pretrains", async () => {
    const { actions, reasons } = await ready();
    actions.wantTextFile();
    expect(reasons()).toEqual([]);
    await actions.setRecipe({ pretrainEpochs: 1 });
    expect(reasons()).toMatchObject([["pretrain-texts", /none is open/]]);
    await actions.openTextFile(csv("own.txt"));
    expect(reasons()).toEqual([]);
  });
});

describe("what was typed", () => {
  it("goes when the field gets a value in another way, and stays when others do", async () => {
    const { actions, state } = await ready();
    actions.setDraft("learningRate", "x");
    actions.setDraft("epochs", "y");
    await actions.setRecipe({ learningRate: 1e-3, batchSize: 8 });
    expect([...state().drafts.keys()]).toEqual(["epochs"]);
    await actions.undo();
    expect(state().drafts.size).toBe(0);
    actions.setDraft("epochs", "y");
    await actions.resetRecipe();
    expect(state().drafts.size).toBe(0);
    actions.setDraft("epochs", "y");
    await actions.loadRecipe(new File([`{ "epochs": 0 }`], "bad.json"));
    expect(state().drafts.get("epochs")).toBe("y");
    expect(state().recipeProblem?.found).toMatch(/^Nothing was loaded[.] bad[.]json: “epochs” is 0/);
    await actions.loadRecipe(new File([`{ "epochs": 2 }`], "good.json"));
    expect(state().drafts.size).toBe(0);
  });
});
