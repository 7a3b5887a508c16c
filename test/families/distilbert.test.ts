import { beforeAll, describe, expect, it } from "vitest";
import { familyOf, readConfig } from "../../src/families/registry.ts";
import { inspectCheckpoint } from "../../src/model/checkpoint.ts";
import { languageHeadLayout, parameterLayout } from "../../src/model/layout.ts";
import { hasLanguageHead } from "../../src/model/language-head.ts";
import { unmatchedPrefixes } from "../../src/plan/weights.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { exportEntries } from "../../src/export/entries.ts";
import { adapterFactsOf } from "../../src/run/adapter.ts";
import { openModel } from "../../src/run/open-model.ts";
import { Run, type ExportForm } from "../../src/run/run.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { checkpointFiles, renamed, tinyConfig, tinyTensors, type Tensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import keys from "../reference/families/distilbert/keys.json" with { type: "json" };
import { thrownBy } from "../io/thrown-by.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

const reference = "families/distilbert";
const config = readConfig(JSON.parse(tinyConfig({}, reference)));
const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
const validation = learnableRows(12, 2, 12, config.vocabularySize);
const words = ["[MASK]", ...Array.from({ length: config.vocabularySize - 5 }, (_, i) => `w${i}`)];
const { tokenizerJson: tokenizer } = smallTokenizer(words);

let tensors: Tensors;
beforeAll(async () => {
  await useNodeBackend("wasm");
  tensors = await tinyTensors(reference);
});

/** The tensors of a class of transformers, as a checkpoint's that is not read. */
const stored = (of: Record<string, number[]>) => ({
  tensors: new Map(Object.entries(of).map(([name, shape]) => [name, { shape, dtype: "F32" }])),
});

const open = async (some: Tensors, changes: Record<string, unknown> = {}) =>
  openModel(await checkpointFiles(some, { config: tinyConfig(changes, reference), tokenizer }));

async function runOf(changes: Partial<Recipe>, opened = open(tensors)) {
  const recipe = { ...tinyRecipe, maxLength: 40, learningRate: 5e-3, epochs: 1, evaluationsPerEpoch: 0, ...changes };
  const input = {
    opened: await opened,
    recipe,
    labelNames,
    train: learnableRows(24, 1, 12, config.vocabularySize),
    validation,
  };
  const run = await Run.load(input, new RunControl());
  const events: TrainEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return { run, events };
}

const texts = Array.from({ length: 12 }, (_, line) => ({ line, text: "", pair: null }));
const exported = (run: Run, form: ExportForm = "merged") => run.exportContents("last", "float32", texts, "d.csv", form);

describe("the names of DistilBERT's weights", () => {
  const { AutoModelForSequenceClassification: classifier, AutoModelForMaskedLM: masked, AutoModel: bare } = keys;

  it("are those of transformers, with their shapes", () => {
    const own = parameterLayout(config, 3, "pooler").flatMap(({ parts, partShape }) =>
      parts.map((name) => [name, partShape] as const),
    );
    expect(Object.fromEntries(own)).toEqual(classifier.tensors);
    const head = languageHeadLayout(config).map(({ name, partShape }) => [name, partShape] as const);
    const encoder = own.filter(([name]) => name.startsWith("distilbert."));
    expect(Object.fromEntries([...encoder, ...head])).toEqual(masked.tensors);
  });

  it("are found in files of an encoder alone and of a masked language model; the rest is left aside", () => {
    for (const one of [bare, masked]) {
      const { notes } = inspectCheckpoint(config, stored(one.tensors), 3);
      const aside = one.left_aside.length;
      expect(notes.some((note) => note.startsWith(`${aside} tensors are not used`))).toBe(aside > 0);
      expect(notes.join(" ")).toContain("has no dense layer before the classifier (pre_classifier): where");
    }
    expect(hasLanguageHead(config, stored(masked.tensors as Record<string, number[]>))).toBe(true);
    expect(hasLanguageHead(config, stored(bare.tensors))).toBe(false);
  });

  it("may stand in a recipe with and without their beginning, and by role", () => {
    const sizes = { ...config, family: "distilbert" };
    const frozen = ["embeddings.", "distilbert.transformer.layer.0.", "transformer.layer.1.ffn.", "encoder.layer.1."];
    expect(unmatchedPrefixes(sizes, { ...tinyRecipe, frozen })).toEqual([]);
    expect(unmatchedPrefixes(sizes, { ...tinyRecipe, frozen: ["bert.encoder."] })).toEqual(["bert.encoder."]);
  });
});

describe("config.json of DistilBERT", () => {
  it("says sizes and rates; epsilon and the missing parts are the family's", () => {
    const file = JSON.parse(tinyConfig({ dropout: 0.25, seq_classif_dropout: undefined }, reference)) as unknown;
    expect(readConfig(file)).toMatchObject({
      hiddenSize: 36,
      intermediateSize: 50,
      layerNormEpsilon: 1e-12,
      typeVocabularySize: 0,
      hiddenDropout: 0.25,
      classifierDropout: 0.2,
      dropsAttentionOutput: false,
    });
  });

  it("is known without model_type by its architecture or its fields", () => {
    for (const changes of [{ architectures: ["DistilBertModel"] }, { architectures: undefined }]) {
      const file = JSON.parse(tinyConfig({ model_type: undefined, ...changes }, reference)) as unknown;
      expect(familyOf(file).type).toBe("distilbert");
    }
  });

  it("is refused by the name of the field that does not fit", async () => {
    const opened = open(tensors, { hidden_dim: "wide" });
    expect((await thrownBy(opened)).found).toContain("hidden_dim");
  });
});

describe("training DistilBERT", () => {
  it("exports what transformers loads as DistilBertForSequenceClassification", async () => {
    const { run } = await runOf({ epochs: 2 });
    const contents = await exported(run);
    const names = contents.weights.entries.map(({ name, shape }) => [name, shape] as const);
    expect(Object.fromEntries(names)).toEqual(keys.AutoModelForSequenceClassification.tensors);
    const files = new Map<string, string>();
    for await (const { name, input } of exportEntries(contents)) {
      if (typeof input === "string") files.set(name, input);
    }
    const written = JSON.parse(files.get("config.json") ?? "") as Record<string, unknown>;
    const own = JSON.parse(tinyConfig({}, reference)) as Record<string, unknown>;
    expect(written).toMatchObject({ ...own, architectures: ["DistilBertForSequenceClassification"] });
    expect(JSON.parse(files.get("tokenizer_config.json") ?? "")).toMatchObject({
      tokenizer_class: "DistilBertTokenizer",
    });
    expect(files.get("README.md")).toContain("A text classifier of the family DistilBERT");
    expect(files.get("README.md")).toContain("\n- distilbert\n");
    run.dispose();
  });

  it("moves LoRA's matrices and the whole head, which PEFT saves too", async () => {
    const lora: Partial<Recipe> = { loraRank: 2, loraAlpha: 4, loraTargets: ["query", "output"] };
    const { run, events } = await runOf(lora);
    const thin = 2 * (2 * 36 + 36 * 2 + (2 * 50 + 36 * 2));
    expect(events[0]).toMatchObject({ type: "plan", trainableParameters: thin + 36 * 36 + 36 + 3 * 36 + 3 });
    const { adapter, weights } = await exported(run, "adapter");
    expect(adapter).toMatchObject({
      targetModules: ["q_lin", "ffn.lin2"],
      wholeModules: ["classifier", "pre_classifier"],
    });
    const names = weights.entries.map(({ name }) => name.replace("base_model.model.", ""));
    expect(names).toContain("distilbert.transformer.layer.1.attention.q_lin.lora_A.weight");
    expect(names).toContain("distilbert.transformer.layer.0.ffn.lin2.lora_B.weight");
    expect(names.filter((name) => name.includes("classifier")).sort()).toEqual([
      "classifier.bias",
      "classifier.weight",
      "pre_classifier.bias",
      "pre_classifier.weight",
    ]);
    run.dispose();
    const opened = await open(tensors);
    expect(() => adapterFactsOf({ ...tinyRecipe, ...lora, pooling: "mean" }, opened)).toThrow(/pooling/);
  });

  it("runs the encoder once where the head trains alone", async () => {
    const { run, events } = await runOf({ frozen: ["embeddings.", "encoder."], epochs: 2 });
    expect(events.some(({ type }) => type === "features")).toBe(true);
    const merged = await exported(run);
    const name = "distilbert.transformer.layer.1.ffn.lin1.weight";
    expect(await merged.weights.read(name)).toEqual(tensors.get(name)?.values);
    expect(await merged.weights.read("pre_classifier.weight")).not.toEqual(
      tensors.get("pre_classifier.weight")?.values,
    );
    run.dispose();
  });

  it("pretrains with its own head of a masked language model, or a new one", async () => {
    const head: Tensors = new Map(
      Object.entries(keys.AutoModelForMaskedLM.tensors)
        .filter(([name]) => name.startsWith("vocab_"))
        .map(([name, shape]) => {
          const length = shape.reduce((a, b) => a * b, 1);
          return [name, { shape, values: Float32Array.from({ length }, (_, i) => Math.sin(i)) }];
        }),
    );
    const losses: unknown[] = [];
    for (const some of [tensors, new Map([...tensors, ...head])]) {
      const opened = await open(some);
      expect(opened.summary.languageHead).toBe(some === tensors ? "new" : "checkpoint");
      const { run, events } = await runOf({ pretrainEpochs: 1 }, Promise.resolve(opened));
      losses.push(events.flatMap((event) => (event.type === "pretrainStep" ? [event.loss] : [])));
      run.dispose();
    }
    expect(losses[0]).not.toEqual([]);
    expect(losses[0]).not.toEqual(losses[1]);
  });

  it("pools by the mean, and says so for whoever loads the folder", async () => {
    const { run } = await runOf({ pooling: "mean" });
    const contents = await exported(run);
    let written = "";
    for await (const { name, input } of exportEntries(contents)) {
      if (name === "config.json" && typeof input === "string") written = input;
    }
    expect(JSON.parse(written)).toMatchObject({ architectures: ["DistilBertModel"], tabtune: { pooling: "mean" } });
    run.dispose();
  });

  it("starts the head anew where the checkpoint has none", async () => {
    const headless = renamed(tensors, (name) => (name.includes("classifier") ? null : name));
    const opened = await open(headless, { architectures: ["DistilBertForMaskedLM"] });
    expect(opened.summary).toMatchObject({ hasPooler: false, head: { kind: "none" } });
    const { run } = await runOf({ loraRank: 2, loraTargets: ["value"] }, Promise.resolve(opened));
    expect((await exported(run, "adapter")).adapter?.wholeModules).toContain("pre_classifier");
    run.dispose();
  });

  it("takes pairs of texts without segment types", async () => {
    const { tokenizer: files } = await open(tensors);
    const { ids, types } = createTokenizer(files).encode("w1 w2", "w3", 40);
    expect(ids).toEqual([2, 6, 7, 3, 8, 3]);
    expect(types).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
