import type { Report } from "../../src/metrics/report.ts";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { maskedBatch } from "../../src/tasks/masked-lm/masking.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { softmax } from "../../src/metrics/softmax.ts";
import { loadLanguageHead } from "../../src/model/language-head.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import type { LowRankOptions } from "../../src/model/low-rank.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { Problem } from "../../src/problem/problem.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { RunControl } from "../../src/train/control.ts";
import { earlierCorpus as corpusOf, type CorpusData } from "../../src/train/earlier-corpus.ts";
import type { EarlierEvent, TrainEvent } from "../../src/train/events.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "./learnable-rows.ts";
import { headSource } from "./masked-lm.ts";
import { runData } from "./run-of.ts";
import { tinyModel, tinyRecipe } from "./tiny-run.ts";
import { trainedTextTask } from "../../src/tasks/trained-tasks.ts";
import type { MaskedLmReport } from "../../src/tasks/masked-lm/metrics.ts";
import { LOOKED_AT } from "../../src/tasks/task.ts";

/** Events of a run of the default task. */
type OwnEvent = TrainEvent<Report>;

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const VOCABULARY = 997;
const vocabulary = {
  maskToken: "[MASK]",
  maskId: 4,
  special: new Uint8Array(VOCABULARY).fill(1, 0, 5),
  continuation: new Uint8Array(VOCABULARY),
};
vocabulary.special.fill(0, 5);
type Texts = Omit<CorpusData, "task">;
const corpus: Texts = { train: learnableRows(20, 11), validation: learnableRows(24, 12) };
const short: Partial<Recipe> = { epochs: 1, evaluationsPerEpoch: 0 };

async function modelsOf(lowRank: LowRankOptions | null) {
  const model = await tinyModel({ lowRank });
  const { config } = model;
  const encoder = model.parameters.filter(({ level }) => level <= config.layers);
  const head = await loadLanguageHead(config, headSource, 0);
  return { model, language: new LanguageModel(config, encoder, head, model.lowRank) };
}

interface Options {
  data?: Texts | null;
  lowRank?: LowRankOptions | null;
  control?: RunControl;
}

/** A run of the tiny model with a corpus of its language model; what it holds is given back by `dispose`. */
async function runOf(recipe: Partial<Recipe>, options: Options = {}) {
  const { data = corpus, lowRank = null, control = new RunControl() } = options;
  const { model, language } = await modelsOf(lowRank);
  const start = await weightsOf(model);
  const full = { ...tinyRecipe, ...recipe };
  const earlierCorpus = data
    ? corpusOf(language, { task: trainedTextTask(vocabulary, full), ...data }, full, control)
    : undefined;
  const run = new TrainingRun(model, { ...runData, earlierCorpus }, full, control);
  const events: OwnEvent[] = [];
  for await (const event of run.events()) events.push(event as OwnEvent);
  const of = <K extends OwnEvent["type"]>(type: K) =>
    events.filter((event): event is OwnEvent & { type: K } => event.type === type);
  const scores = of("earlier") as EarlierEvent<MaskedLmReport>[];
  const dispose = () => {
    language.disposeHead();
    model.dispose();
  };
  return { model, language, start, weights: await weightsOf(model), events, of, scores, dispose };
}

async function weightsOf({ parameters }: Pick<LanguageModel, "parameters">) {
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of parameters) weights.set(name, await readTensor(value));
  return weights;
}

/** Mean of -log p over the masked tokens of the held-out texts, a text at a time, from the logits as plain numbers. */
async function lossByHand(language: LanguageModel): Promise<number> {
  const { maskShare: share, wholeWordMasking: wholeWords, seed } = tinyRecipe;
  let [sum, count] = [0, 0];
  for (let row = 0; row < 24; row++) {
    const masking = { share, wholeWords, seed };
    const batch = maskedBatch(corpus.validation, Int32Array.of(row), vocabulary, masking, LOOKED_AT);
    const uploaded = uploadBatch(batch, { tokens: 64, rows: 1, places: 16 }, language.tables, "inference");
    const logits = language.infer(uploaded);
    const scores = await readTensor(logits);
    batch.labels.forEach((label, i) => {
      sum -= Math.log(softmax(scores.subarray(i * VOCABULARY, (i + 1) * VOCABULARY), VOCABULARY)[label] ?? NaN);
      count++;
    });
    logits.dispose();
    disposeBatch(uploaded);
  }
  return sum / count;
}

describe("the forgetting meter of a corpus", () => {
  it("scores the held-out texts at every evaluation, as by hand", async () => {
    const untouched = await modelsOf(null);
    const before = await lossByHand(untouched.language);
    untouched.language.disposeHead();
    untouched.model.dispose();
    const { language, of, scores, dispose } = await runOf({});
    const at = of("evaluation").map(({ scope, step, epoch }) => [scope, step, epoch]);
    expect(scores.map(({ scope, step, epoch }) => [scope, step, epoch])).toEqual(at);
    expect(scores).toHaveLength(5);
    expect(scores[0]?.report.loss).toBeCloseTo(before, 4);
    expect(scores.at(-1)?.report.loss).toBeCloseTo(await lossByHand(language), 4);
    expect(Math.abs((scores.at(-1)?.report.loss ?? NaN) - before)).toBeGreaterThan(0.01);
    expect(scores[0]).toMatchObject({
      task: "masked-lm",
      report: { rows: 24, perplexity: Math.exp(scores[0]?.report.loss ?? NaN), guessing: Math.log(VOCABULARY) },
    });
    dispose();
  });

  it("changes nothing of the training, and leaves the head as it is", async () => {
    const [with_, without] = [await runOf(short), await runOf(short, { data: null })];
    expect(without.scores).toEqual([]);
    expect(with_.of("step").map(({ loss }) => loss)).toEqual(without.of("step").map(({ loss }) => loss));
    expect(with_.weights).toEqual(without.weights);
    const head = await weightsOf(with_.language);
    for (const [name, { shape }] of headSource.tensors) {
      if (!shape.includes(VOCABULARY)) expect(head.get(name)).toEqual(await headSource.read(name));
    }
    with_.dispose();
    without.dispose();
  });

  it("sees what LoRA learns", async () => {
    const lowRank: LowRankOptions = { rank: 2, alpha: 4, targets: ["query", "value"], seed: 5 };
    const { language, scores, dispose } = await runOf({ ...short, learningRate: 0.02 }, { lowRank });
    const [first, last] = [scores[0]?.report.loss ?? NaN, scores.at(-1)?.report.loss ?? NaN];
    expect(last).not.toBeCloseTo(first, 2);
    expect(last).toBeCloseTo(await lossByHand(language), 4);
    dispose();
  });
});

describe("elastic weight consolidation of a language model", () => {
  it("of strength 0 changes nothing", async () => {
    const [plain, zero] = [await runOf(short), await runOf({ ...short, ewc: 0, ewcRows: 5 })];
    expect(zero.weights).toEqual(plain.weights);
    expect(zero.of("consolidation")).toEqual([]);
    plain.dispose();
    zero.dispose();
  });

  it("keeps the encoder nearer to its start the stronger it is, forgets less, and leaves the classifier free", async () => {
    const moves = async (ewc: number) => {
      const recipe = { ...short, epochs: 2, weightDecay: 0, ewc, ewcRows: 10 };
      const { start, weights, of, scores, dispose } = await runOf(recipe);
      dispose();
      if (ewc > 0) expect(of("consolidation").at(-1)).toEqual({ type: "consolidation", done: 10, rows: 10 });
      const distance = (name: string) =>
        Math.hypot(...(start.get(name) ?? []).map((value, i) => value - (weights.get(name)?.[i] ?? NaN)));
      return {
        encoder: distance("bert.encoder.layer.1.output.dense.weight"),
        classifier: distance("classifier.weight"),
        forgotten: (scores.at(-1)?.report.loss ?? NaN) - (scores[0]?.report.loss ?? NaN),
      };
    };
    const [none, weak, strong] = [await moves(0), await moves(1e2), await moves(1e5)];
    expect(weak.encoder).toBeLessThan(0.95 * none.encoder);
    expect(strong.encoder).toBeLessThan(0.7 * weak.encoder);
    expect(strong.classifier).toBeGreaterThan(0.5 * none.classifier);
    expect(Math.abs(strong.forgotten)).toBeLessThan(0.5 * Math.abs(none.forgotten));
  });

  it("repeats with the seed, stops at once with the run, and gives back all but the weights", async () => {
    const { numTensors } = memory();
    const losses = async () => {
      const { of, dispose } = await runOf({ ...short, ewc: 1e3, ewcRows: 5 });
      dispose();
      return of("step").map(({ loss }) => loss);
    };
    expect(await losses()).toEqual(await losses());
    const control = new RunControl();
    control.stop();
    const { of, dispose } = await runOf({ ...short, ewc: 1 }, { control });
    expect([of("consolidation"), of("step")]).toEqual([[], []]);
    dispose();
    expect(memory().numTensors).toBe(numTensors);
  });
});

describe("a recipe that does not go with a corpus", () => {
  const problemOf = async (recipe: Partial<Recipe>, data = corpus) => {
    const error: unknown = await runOf(recipe, { data }).catch((thrown: unknown) => thrown);
    if (!(error instanceof Problem)) throw new Error(`No problem with ${JSON.stringify(recipe)}`);
    return error;
  };

  it("rehearses", async () => {
    const { found, remedy } = await problemOf({ rehearsal: 0.1 });
    expect(found).toContain("text file");
    expect(remedy).toContain("--earlier");
  });

  it.each([{ start: "random" as const }, { reinitializeLayers: 1 }])("starts anew: %j", async (recipe) => {
    expect((await problemOf(recipe)).found).toContain("anew");
  });

  it("has texts in which nothing can be hidden", async () => {
    const validation = { ...corpus.validation, ids: corpus.validation.ids.map(() => 2) };
    expect((await problemOf({}, { ...corpus, validation })).found).toContain("None of the earlier task's texts");
  });
});
