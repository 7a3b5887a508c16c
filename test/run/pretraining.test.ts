import type { Report } from "../../src/metrics/report.ts";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { EncodedDataset } from "../../src/data/rows.ts";
import { Problem } from "../../src/problem/problem.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run, type RunInput } from "../../src/run/run.ts";
import { RunControl } from "../../src/train/control.ts";
import type { EarlierEvent, PretrainEvaluationEvent, TrainEvent } from "../../src/train/events.ts";
import type { MaskedLmReport } from "../../src/tasks/masked-lm/metrics.ts";
import { textTask } from "../../src/tasks/registry.ts";
import { checkpointFiles, tinyTensors, type Tensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { headSource } from "../train/masked-lm.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

/** Events of a run of the default task. */
type OwnEvent = TrainEvent<Report>;

const MASK = 4;
let tensors: Tensors;
let opened: OpenedModel;

/** [MASK] is 4; the ids 10 to 39 are words and what goes on them, by turns. */
const words = Array.from({ length: 992 }, (_, i) => (i % 2 === 0 && i < 40 ? `##w${i}` : `w${i}`));

beforeAll(async () => {
  await useNodeBackend("wasm");
  tensors = await tinyTensors();
  const tokenizer = smallTokenizer(["[MASK]", ...words]).tokenizerJson;
  opened = await openModel(await checkpointFiles(tensors, { tokenizer }));
});

/** Rows in which each token follows from the one before; the class shows in nothing. */
function patternedRows(rows: number, first: number): EncodedDataset {
  const length = 12;
  const ids = Int32Array.from({ length: rows * length }, (_, at) => {
    const [row, place] = [Math.floor(at / length) + first, at % length];
    if (place === 0) return 2;
    return place === length - 1 ? 3 : 10 + ((7 * row + place) % 30);
  });
  return {
    ids,
    types: new Int32Array(ids.length),
    rowStart: Int32Array.from({ length: rows + 1 }, (_, row) => row * length),
    fullLengths: new Int32Array(rows).fill(length),
    labels: Int32Array.from({ length: rows }, (_, row) => row % 3),
  };
}

const plain: Partial<Recipe> = { epochs: 1, evaluationsPerEpoch: 0, hiddenDropout: 0, attentionDropout: 0 };

async function runOf(
  recipe: Partial<Recipe>,
  watch: (event: TrainEvent, control: RunControl) => void = () => undefined,
  changes: Partial<RunInput> = {},
) {
  const control = new RunControl();
  const input: RunInput = {
    opened,
    recipe: { ...tinyRecipe, ...plain, ...recipe },
    labelNames: ["LABEL_0", "LABEL_1", "LABEL_2"],
    train: patternedRows(40, 0),
    validation: patternedRows(12, 41),
    ...changes,
  };
  const run = await Run.load(input, control);
  const events: OwnEvent[] = [];
  for await (const event of run.events()) {
    events.push(event as OwnEvent);
    watch(event, control);
  }
  const of = <K extends OwnEvent["type"]>(type: K) =>
    events.filter((event): event is OwnEvent & { type: K } => event.type === type);
  return { run, events, of };
}

/** Numbers of a run without its times. */
function untimed(events: readonly OwnEvent[]) {
  return events.filter(({ type }) => type !== "memory").map((event) => ({ ...event, wallMs: 0, trainingMs: 0 }));
}

describe("what an opened checkpoint says of its language model", () => {
  const headOf = async (more: Tensors, tokenizer: string) =>
    (await openModel(await checkpointFiles(new Map([...tensors, ...more]), { tokenizer }))).summary.languageHead;

  it("is whether words can be hidden, and who guesses them", async () => {
    const { tokenizerJson } = opened.tokenizer;
    expect(await headOf(new Map(), tokenizerJson)).toBe("new");
    const head: Tensors = new Map();
    for (const [name, { shape }] of headSource.tensors) head.set(name, { shape, values: await headSource.read(name) });
    expect(await headOf(head, tokenizerJson)).toBe("checkpoint");
    head.delete([...head.keys()][0] ?? "");
    expect(await headOf(head, tokenizerJson)).toBe("new");
    expect(await headOf(new Map(), smallTokenizer(words).tokenizerJson)).toBeNull();
  });
});

describe("continued pretraining", () => {
  it("lowers the held-out loss on text with a pattern, and the fine-tuning starts from it", async () => {
    const { numTensors } = memory();
    const without = await runOf({ pretrainEpochs: 0 });
    without.run.dispose();
    // A rate of almost nothing: the classifier's run leaves the weights as it found them.
    const recipe = { pretrainEpochs: 12, pretrainLearningRate: 2e-3, learningRate: 1e-12, weightDecay: 0 };
    const { run, events, of } = await runOf(recipe);

    const steps = of("pretrainStep");
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    // The share of ten tokens that are not special is two, for 8 rows 16.
    expect(steps[0]).toMatchObject({ steps: 60, epoch: 0.2, rows: 8, tokens: 96, targets: 16 });
    expect(Math.max(...steps.map(({ learningRate }) => learningRate))).toBe(2e-3);
    const scores = of("pretrainEvaluation") as PretrainEvaluationEvent<MaskedLmReport>[];
    expect(scores.map(({ step }) => step)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    const [first, last] = [scores[0], scores.at(-1)];
    expect(last?.report.loss).toBeLessThan(0.6 * (first?.report.loss ?? 0));
    expect(last?.report.perplexity).toBeCloseTo(Math.exp(last?.report.loss ?? 0), 5);
    expect(last).toMatchObject({ task: "masked-lm", report: { rows: 12, masked: 24 } });

    const types = events.map(({ type }) => type);
    expect(types.lastIndexOf("pretrainEvaluation")).toBe(types.indexOf("plan") - 1);
    expect(of("evaluation")[0]?.report.logLoss).not.toBeCloseTo(without.of("evaluation")[0]?.report.logLoss ?? 0, 4);
    expect(of("end")[0]).toMatchObject({ reason: "finished", step: 5 });

    const moved = await movedWeights(run);
    expect(moved.filter((name) => /pooler|classifier/.test(name))).toEqual([]);
    const below = moved.filter((name) => /embeddings|layer\.[01]\./.test(name));
    expect(below).toEqual([...tensors.keys()].filter((name) => /embeddings|layer\.[01]\./.test(name)).sort());
    run.dispose();
    expect(memory().numTensors).toBe(numTensors);
  });

  it("is not there at 0 epochs, whatever its other fields say", async () => {
    const one = await runOf({});
    const fields = { pretrainEpochs: 0, pretrainLearningRate: 0.1, maskShare: 0.9, wholeWordMasking: true };
    const other = await runOf(fields, undefined, { pretrainTexts: patternedRows(9, 3) });
    expect(untimed(other.events)).toEqual(untimed(one.events));
    expect(one.of("pretrainStep")).toEqual([]);
    expect(one.of("pretrainEvaluation")).toEqual([]);
    one.run.dispose();
    other.run.dispose();
  });

  it("asks for the share of the recipe, in whole words where it says so", async () => {
    const one = { pretrainEpochs: 0.2 };
    const half = await runOf({ ...one, maskShare: 0.5 });
    expect(half.of("pretrainStep").map(({ targets }) => targets)).toEqual([40]);
    half.run.dispose();
    const single = await runOf(one);
    const whole = await runOf({ ...one, wholeWordMasking: true });
    expect(whole.of("pretrainStep")[0]?.loss).not.toBe(single.of("pretrainStep")[0]?.loss);
    single.run.dispose();
    whole.run.dispose();
  });

  it("goes at its own rate", async () => {
    const losses = [];
    for (const pretrainLearningRate of [1e-12, 3e-3]) {
      const { run, of } = await runOf({ pretrainEpochs: 3, pretrainLearningRate });
      const scores = of("pretrainEvaluation").map(({ report }) => textTask.loss.of(report));
      losses.push((scores.at(-1) ?? 0) / (scores[0] ?? 0));
      run.dispose();
    }
    expect(losses[0]).toBeCloseTo(1, 6);
    expect(losses[1]).toBeLessThan(0.9);
  });

  it("reads other texts where there are some, and leaves out those with nothing to hide", async () => {
    const texts = patternedRows(20, 100);
    texts.ids.fill(3, 12, 24);
    const { run, of } = await runOf({ pretrainEpochs: 1 }, undefined, { pretrainTexts: texts });
    expect(of("pretrainStep").map(({ rows }) => rows)).toEqual([8, 8, 3]);
    expect(of("plan")[0]?.trainRows).toBe(40);
    run.dispose();
  });

  it("starts from the checkpoint's own head", async () => {
    const bias = new Float32Array(997).fill(-50);
    bias.fill(50, 10, 40);
    const own: Tensors = new Map([...tensors, ["cls.predictions.decoder.bias", { shape: [997], values: bias }]]);
    const tokenizer = smallTokenizer(["[MASK]", ...words]).tokenizerJson;
    const withHead = await openModel(await checkpointFiles(own, { tokenizer }));
    const first = async (changes: Partial<RunInput>) => {
      const { run, of } = await runOf({ pretrainEpochs: 0.2 }, undefined, changes);
      run.dispose();
      const [scored] = of("pretrainEvaluation");
      return scored ? textTask.loss.of(scored.report) : NaN;
    };
    // Only the thirty tokens of the texts are likely.
    expect(await first({ opened: withHead })).toBeLessThan((await first({})) - 1);
  });

  it("can be stopped, and paused", async () => {
    const { run, of, events } = await runOf({ pretrainEpochs: 50 }, (event, control) => {
      if (event.type === "pretrainStep" && event.step === 3) {
        control.pause();
        setTimeout(() => control.resume(), 10);
      }
      if (event.type === "pretrainStep" && event.step >= 7) control.stop();
    });
    expect(of("pretrainStep").length).toBeLessThan(60);
    expect(of("step")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "end", reason: "stopped", step: 0 });
    const { report } = await run.results("best");
    expect(report.rows).toBe(12);
    run.dispose();
  });

  it("says beforehand when the tokenizer has no mask token", async () => {
    const lacking = await openModel(await checkpointFiles(tensors));
    await expect(runOf({ pretrainEpochs: 1 }, undefined, { opened: lacking })).rejects.toThrow(Problem);
  });

  it("says when there is nothing to hide", async () => {
    const texts = patternedRows(3, 0);
    texts.ids.fill(MASK);
    const load = runOf({ pretrainEpochs: 1 }, undefined, { pretrainTexts: texts });
    await expect(load).rejects.toThrow(/None of the texts/);
  });
});

describe("an earlier corpus of a run", () => {
  const earlierCorpus = { train: patternedRows(20, 200), validation: patternedRows(8, 300) };
  const corpusScores = async (recipe: Partial<Recipe>, changes: Partial<RunInput> = {}) => {
    const { run, of } = await runOf(recipe, undefined, { earlierCorpus, ...changes });
    return { run, scores: of("earlier") as EarlierEvent<MaskedLmReport>[] };
  };

  it("is scored with the checkpoint's own head, none of which is exported, and all of which is given back", async () => {
    const { numTensors } = memory();
    const bias = new Float32Array(997).fill(-50);
    bias.fill(50, 10, 40);
    const name = "cls.predictions.bias";
    const own: Tensors = new Map([...tensors, [name, { shape: [997], values: bias }]]);
    const tokenizer = smallTokenizer(["[MASK]", ...words]).tokenizerJson;
    const withHead = await openModel(await checkpointFiles(own, { tokenizer }));
    const { run, scores } = await corpusScores({ ewc: 10, ewcRows: 3 }, { opened: withHead });
    expect(scores.map(({ report, step }) => [report.rows, step])).toEqual([
      [8, 0],
      [8, 5],
    ]);
    const { weights } = await run.exportContents("best", "float32", [], "texts.csv");
    expect(weights.entries.map((entry) => entry.name).filter((entry) => entry.startsWith("cls."))).toEqual([]);
    run.dispose();
    const without = await corpusScores({});
    without.run.dispose();
    expect(scores[0]?.report.loss).toBeLessThan((without.scores[0]?.report.loss ?? 0) - 1);
    expect(memory().numTensors).toBe(numTensors);
  });

  it("is scored with the head that pretraining has taught, where there is pretraining", async () => {
    const first = async (pretrainEpochs: number) => {
      const { run, scores } = await corpusScores({ pretrainEpochs, pretrainLearningRate: 2e-3 });
      run.dispose();
      return scores[0]?.report.loss ?? NaN;
    };
    expect(await first(8)).toBeLessThan(0.8 * (await first(0)));
  });

  it("says beforehand when rows are given too, and when the tokenizer has no mask token", async () => {
    const rows = patternedRows(9, 400);
    const earlier = { train: rows, validation: rows, labelNames: ["LABEL_0", "LABEL_1", "LABEL_2"] };
    await expect(corpusScores({}, { earlier })).rejects.toThrow(/both given/);
    const lacking = await openModel(await checkpointFiles(tensors));
    await expect(corpusScores({}, { opened: lacking })).rejects.toThrow(/no token \[MASK\]/);
  });
});

/** Names of the checkpoint's tensors, packed ones taken apart, that the model has otherwise. */
async function movedWeights(run: Run): Promise<string[]> {
  const { weights } = await run.exportContents("last", "float32", [], "texts.csv");
  const moved: string[] = [];
  for (const { name } of weights.entries) {
    const before = tensors.get(name)?.values;
    const after = await weights.read(name);
    if (!before || after.some((value, i) => Math.abs(value - (before[i] ?? NaN)) > 1e-7)) moved.push(name);
  }
  return moved.sort();
}
