import { beforeAll, describe, expect, it } from "vitest";
import { openModel, loadClassifier } from "../../src/run/open-model.ts";
import { modelFacts } from "../../src/run/model-facts.ts";
import { ownClasses } from "../../src/run/own-classes.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { useNodeBackend } from "../node-backend.ts";
import { checkpointFiles, renamed, tinyConfig, tinyTensors, type Tensors } from "../model/tiny-checkpoint.ts";

let tensors: Tensors;
beforeAll(async () => {
  await useNodeBackend("cpu");
  tensors = await tinyTensors();
});

const withoutPooler = (name: string) => (name.includes("pooler") ? null : name);
const withoutClassifier = (name: string) => (name.startsWith("classifier.") ? null : name);
/** The classifier's tensors, cut to so many outputs, under another name. */
function headed(name: string, outputs: number, keep = withoutClassifier): Tensors {
  const head: Tensors = new Map([
    [`${name}.weight`, { shape: [outputs, 64], values: new Float32Array(outputs * 64).fill(0.01) }],
    [`${name}.bias`, { shape: [outputs], values: new Float32Array(outputs) }],
  ]);
  return new Map([...renamed(renamed(tensors, withoutClassifier), keep), ...head]);
}
const opened = async (some: Tensors, config: Record<string, unknown>) =>
  openModel(
    await checkpointFiles(some, { config: tinyConfig({ id2label: undefined, label2id: undefined, ...config }) }),
  );

const cases: {
  what: string;
  config: Record<string, unknown>;
  tensors: () => Tensors;
  head: string;
  classes: string[] | null;
}[] = [
  {
    what: "a classifier by its architecture, names left out",
    config: {},
    tensors: () => headed("classifier", 2),
    head: "single-label",
    classes: ["LABEL_0", "LABEL_1"],
  },
  {
    what: "a classifier without an architecture",
    config: { architectures: undefined, id2label: { "0": 4, "1": 9 } },
    tensors: () => headed("classifier", 2),
    head: "single-label",
    classes: ["4", "9"],
  },
  {
    what: "several labels by problem_type",
    config: { problem_type: "multi_label_classification", id2label: { "1": "b", "0": "a" } },
    tensors: () => headed("classifier", 2),
    head: "multi-label",
    classes: ["a", "b"],
  },
  {
    what: "several labels by the name of its class",
    config: { architectures: ["BertForMultiLabelSequenceClassification"] },
    tensors: () => headed("classifier", 4),
    head: "multi-label",
    classes: ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"],
  },
  {
    what: "a single logit, as of a cross-encoder",
    config: { id2label: { "0": "LABEL_0" } },
    tensors: () => headed("classifier", 1),
    head: "regression",
    classes: ["LABEL_0"],
  },
  {
    what: "several numbers by problem_type",
    config: { problem_type: "regression", num_labels: 3 },
    tensors: () => headed("classifier", 3),
    head: "regression",
    classes: ["LABEL_0", "LABEL_1", "LABEL_2"],
  },
  {
    what: "a token classifier by its architecture, with a pooler beside",
    config: { architectures: ["BertForTokenClassification"], id2label: { "0": "O", "1": "B-LOC" } },
    tensors: () => headed("classifier", 2),
    head: "token-classification",
    classes: ["O", "B-LOC"],
  },
  {
    what: "a token classifier by what is missing alone",
    config: { architectures: undefined },
    tensors: () => headed("classifier", 5, withoutPooler),
    head: "token-classification",
    classes: ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"],
  },
  {
    what: "multiple choice",
    config: { architectures: ["BertForMultipleChoice"] },
    tensors: () => headed("classifier", 1),
    head: "multiple-choice",
    classes: null,
  },
  {
    what: "question answering",
    config: { architectures: ["BertForQuestionAnswering"] },
    tensors: () => headed("qa_outputs", 2),
    head: "question-answering",
    classes: null,
  },
  {
    what: "next sentence prediction",
    config: { architectures: ["BertForNextSentencePrediction"] },
    tensors: () => headed("cls.seq_relationship", 2),
    head: "next-sentence",
    classes: null,
  },
  {
    what: "a masked language model",
    config: { architectures: ["BertForPreTraining"] },
    tensors: () => headed("cls.predictions.transform.dense", 64),
    head: "masked-lm",
    classes: null,
  },
  {
    what: "an encoder of sentence-transformers",
    config: { architectures: ["BertModel"] },
    tensors: () => renamed(tensors, withoutClassifier),
    head: "none",
    classes: null,
  },
  {
    what: "a class of somebody's own",
    config: { architectures: ["BertCrfTagger"] },
    tensors: () => headed("classifier", 2),
    head: "unknown",
    classes: null,
  },
];

describe("what a checkpoint is for", () => {
  it.each(cases)("$what: $head", async ({ config, tensors: made, head, classes }) => {
    const model = await opened(made(), config);
    expect(modelFacts(model)).toEqual({ family: "bert", head, classes, maxLength: 64 });
    const scores =
      ["single-label", "multi-label", "token-classification"].includes(head) ||
      (head === "regression" && classes?.length === 1);
    if (scores) {
      const loaded = await loadClassifier(model, classes ?? []);
      const kept = loaded.parameters.find(({ name }) => name === "classifier.weight");
      expect(kept?.value.dataSync()[0]).toBeCloseTo(0.01);
      loaded.dispose();
    } else expect((await thrownBy(loadClassifier(model, classes ?? ["a"]))).found).toContain("cannot score texts");
    const isPlain = head === "single-label";
    expect(model.summary.labelNames).toEqual(isPlain ? classes : null);
    if (!isPlain) await thrownBy(Promise.resolve().then(() => ownClasses(model.summary)));
    // Every one of them trains: its encoder is there.
    const fresh = { start: "checkpoint", reinitializeLayers: 0, pooling: "cls", seed: 1 } as const;
    (await loadClassifier(model, ["yes", "no"], fresh)).dispose();
  });

  it("refuses a classifier whose pooler is missing, and one that config.json misnames", async () => {
    const noPooler = await opened(headed("classifier", 2, withoutPooler), {});
    expect((await thrownBy(loadClassifier(noPooler, ["LABEL_0", "LABEL_1"]))).found).toContain("no pooler");
    for (const id2label of [
      { "1": "a", "2": "b" },
      { "0": "a", "1": "b", "2": "c" },
      { "0": "a", "1": "a" },
    ]) {
      const misnamed = await opened(headed("classifier", 2), { id2label });
      expect(misnamed.summary.notes.join(" ")).toContain("config.json cannot be right");
      expect((await thrownBy(loadClassifier(misnamed, ["a", "b"]))).found).toContain("config.json cannot be right");
    }
  });

  it("says that the head will be new where the checkpoint was made for something else", async () => {
    const notes = async (some: Tensors, config: Record<string, unknown>) => (await opened(some, config)).summary.notes;
    const tagger = await notes(headed("classifier", 3), { architectures: ["BertForTokenClassification"] });
    expect(tagger.join(" ")).toContain(
      "labels words. Training on the same tags starts with its classifier, on anything else with a new one.",
    );
    expect(await notes(headed("classifier", 2), {})).toEqual([]);
  });
});

describe("a config.json without model_type", () => {
  it("is taken for BERT by its fields, and says so", async () => {
    for (const architectures of [undefined, ["BertModel"]]) {
      const { summary } = await opened(renamed(tensors, withoutClassifier), { model_type: undefined, architectures });
      expect(summary.notes.join(" ")).toContain("no model_type");
    }
  });

  it("is refused where it names or shows another family", async () => {
    const longformer = opened(tensors, { model_type: undefined, architectures: ["LongformerModel"] });
    expect((await thrownBy(longformer)).found).toContain("LongformerModel");
    const roberta = { model_type: undefined, architectures: undefined, type_vocab_size: 1, pad_token_id: 1 };
    expect((await thrownBy(opened(tensors, roberta))).found).toContain("bert.");
  });
});
