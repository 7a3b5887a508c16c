import { beforeAll, describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import type { LabelledRows } from "../../src/data/rows.ts";
import { openTable } from "../../src/data/table.ts";
import { labelled } from "../../src/data/windows.ts";
import { loadClassifier, openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { ownTask } from "../../src/run/own-classes.ts";
import { Run } from "../../src/run/run.ts";
import { predictTexts } from "../../src/run/score.ts";
import { keptOutputs, newHeadReason, spellingNote } from "../../src/tasks/kept-head.ts";
import { taskNamed } from "../../src/tasks/registry.ts";
import { readerOf } from "../../src/tasks/targets.ts";
import { limitOf, type AnyPrediction } from "../../src/tasks/task.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import { textSource } from "../io/model-folder.ts";
import { checkpointFiles, tinyConfig, tinyTensors, type Tensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

let tensors: Tensors;
beforeAll(async () => {
  await useNodeBackend("wasm");
  tensors = await tinyTensors();
});

/** The tiny checkpoint with another config and so many of its three outputs. */
async function checkpoint(config: Record<string, unknown>, outputs = 3): Promise<OpenedModel> {
  const cut = new Map(
    [...tensors].map(([name, { shape, values }]) => {
      const isHead = name.startsWith("classifier.");
      const [rows = 0, ...rest] = shape;
      return [
        name,
        isHead
          ? { shape: [outputs, ...rest], values: values.slice(0, (values.length / rows) * outputs) }
          : { shape, values },
      ];
    }),
  );
  return openModel(await checkpointFiles(cut, { config: tinyConfig({ label2id: undefined, ...config }) }));
}

const texts = Array.from({ length: 24 }, (_, i) => `w${10 + i} w${40 + 3 * i} w${200 + i}`);
const table = (header: string, cells: (i: number) => string) =>
  [header, ...texts.map((text, i) => `${text},${cells(i)}`), ""].join("\n");

/** What a run on the table predicts before its first step, and what the checkpoint as it is says of the same texts. */
async function atStart(opened: OpenedModel, csv: string, choice: Parameters<typeof prepareData>[1]) {
  const rows = prepareData(await openTable(textSource("rows.csv", csv)), choice, {
    readerOf,
    share: 0.25,
    seed: 1,
    validationTable: null,
  });
  const { task: name, labelNames } = rows.summary;
  const [task, tokenizer] = [trainedTaskNamed(name), createTokenizer(opened.tokenizer)];
  const encoded = (some: LabelledRows["texts"]) => encodeRows(some, null, limitOf(task, tinyRecipe), tokenizer);
  const data = (part: LabelledRows) => labelled(encoded(part.texts), part);
  const input = {
    task,
    opened,
    recipe: tinyRecipe,
    labelNames,
    train: data(rows.train),
    validation: data(rows.validation),
  };
  const run = await Run.load(input, new RunControl());
  const asked = { texts, rows: encoded(texts), tokenizer: opened.tokenizer };
  const started = await run.predict(asked, "last");
  run.dispose();
  const own = ownTask(opened);
  const model = await loadClassifier(opened, own.labelNames);
  const before: AnyPrediction[] = await predictTexts(model, own.task, asked, own.labelNames);
  model.dispose();
  return { started, before, labelNames };
}

describe("a fine-tuned checkpoint starts with its own head", () => {
  it("on the same labels, whatever their order", async () => {
    const opened = await checkpoint({
      problem_type: "multi_label_classification",
      id2label: { 0: "joy", 1: "fear", 2: "awe" },
    });
    const csv = table("text,awe,joy,fear", (i) => `${i % 2},${+(i % 3 === 0)},${+(i % 5 < 2)}`);
    const { started, before, labelNames } = await atStart(opened, csv, {
      text: 0,
      pair: null,
      label: 1,
      moreLabels: [2, 3],
    });
    expect(labelNames).toEqual(["awe", "joy", "fear"]);
    for (const [i, { probabilities }] of (started as { probabilities: number[] }[]).entries()) {
      const [joy, fear, awe] = (before[i] as { probabilities: number[] }).probabilities;
      [awe, joy, fear].forEach((own = NaN, k) => expect(probabilities[k]).toBeCloseTo(own, 5));
    }
  });

  it.each(["score", "LABEL_0"])("on the number “%s”, in the units of the data", async (name) => {
    const opened = await checkpoint({ id2label: { 0: name } }, 1);
    const csv = table("text,score", (i) => (1000 + 7.5 * i).toFixed(1));
    const { started, before } = await atStart(opened, csv, { text: 0, pair: null, label: 1, task: "regression" });
    const values = before as { value: number }[];
    expect(new Set(values.map(({ value }) => value.toFixed(2))).size).toBeGreaterThan(5);
    // The mean is about 1,100: float32 has four decimals there.
    started.forEach((prediction, i) =>
      expect(Math.abs((prediction as { value: number }).value - (values[i]?.value ?? NaN))).toBeLessThan(2e-3),
    );
  });

  it("on the same tags", async () => {
    const opened = await checkpoint({
      architectures: ["BertForTokenClassification"],
      id2label: { 0: "I-PER", 1: "O", 2: "B-PER" },
    });
    const csv = table("tokens,tags", (i) => (i % 2 ? "B-PER I-PER O" : "O B-PER O"));
    const { started, before, labelNames } = await atStart(opened, csv, {
      text: 0,
      pair: null,
      label: 1,
      task: "token-classification",
    });
    expect(labelNames).toEqual(["O", "B-PER", "I-PER"]);
    const spans = (all: AnyPrediction[]) =>
      (all as { entities: { label: string; start: number; end: number }[] }[]).map(({ entities }) =>
        entities.map(({ label, start, end }) => [label, start, end]),
      );
    expect(spans(before).flat().length).toBeGreaterThan(0);
    expect(spans(started)).toEqual(spans(before));
  });

  it("and else with a new one", async () => {
    const opened = await checkpoint({ id2label: { 0: "stars" } }, 1);
    const csv = table("text,score", (i) => (0.5 * i).toFixed(1));
    const { started, before } = await atStart(opened, csv, { text: 0, pair: null, label: 1, task: "regression" });
    const far = started.map((one, i) =>
      Math.abs((one as { value: number }).value - (before[i] as { value: number }).value),
    );
    expect(Math.max(...far)).toBeGreaterThan(1);
  });
});

describe("the outputs of a head that is kept", () => {
  it("are found by their names", () => {
    expect(keptOutputs(["a", "b", "c"], ["c", "a", "b"])).toEqual([2, 0, 1]);
    expect(keptOutputs(["a", "b"], ["a", "c"])).toBeNull();
    expect(keptOutputs(["a", "b"], ["a"])).toBeNull();
    expect(keptOutputs(null, ["a"])).toBeNull();
    expect(keptOutputs(["LABEL_0"], ["score"])).toEqual([0]);
    expect(keptOutputs(["LABEL_0", "LABEL_1"], ["no", "yes"])).toBeNull();
  });

  it("or it is said why there are none", () => {
    const own = { head: { kind: "multi-label", classes: ["a", "b"], obstacle: null }, pooling: "pooler" } as const;
    const reason = (name: string, labelNames: string[], changes = {}) =>
      newHeadReason(own, { task: taskNamed(name), labelNames, recipe: { ...tinyRecipe, ...changes } });
    expect(reason("multi-label", ["b", "a"])).toBeNull();
    expect(reason("single-label", ["b", "a"])).toBe("missing");
    expect(reason("multi-label", ["b", "c"])).toBe("labels");
    expect(reason("multi-label", ["b", "a"], { pooling: "mean" })).toBe("pooling");
    expect(reason("multi-label", ["b", "a"], { reinitializeLayers: 1 })).toBe("reinitialized");
    expect(reason("multi-label", ["b", "a"], { headStart: "probe" })).toBeNull();
    expect(
      newHeadReason(
        { ...own, head: { ...own.head, obstacle: "It has none." } },
        { task: { name: "multi-label" }, labelNames: ["a", "b"], recipe: tinyRecipe },
      ),
    ).toBe("missing");
  });

  it("and how its tags differ from the rows', where both are for the same entities", () => {
    const note = (classes: string[], labelNames: string[], name = "token-classification") =>
      spellingNote(taskNamed(name), { kind: name, classes, obstacle: null }, labelNames);
    const rows = ["O", "B-LOC", "I-LOC"];
    expect(note(["O", "B-LOC", "I-LOC", "E-LOC", "S-LOC"], rows)).toBe(" (its tags are BIOES, new ones IOB2)");
    expect(note(["O", "I-LOC"], rows)).toBe(" (it has no B-LOC)");
    expect(note(["O", "LOC"], rows)).toBe(" (its tags are types alone, new ones IOB2)");
    expect(note(["O", "B-PER", "I-PER"], rows)).toBe("");
    expect(note(["a"], ["b"], "single-label")).toBe("");
  });
});
