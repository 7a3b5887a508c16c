import { beforeAll, describe, expect, it } from "vitest";
import { createRandom, shuffledIndices } from "../../src/data/random.ts";
import { labelled } from "../../src/data/windows.ts";
import { regionAt } from "../../src/insight/data-map.ts";
import { Problem } from "../../src/problem/problem.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const words = Array.from({ length: 990 }, (_, i) => `w${i}`);
  opened = await openModel(
    await checkpointFiles(await tinyTensors(), { tokenizer: smallTokenizer(words).tokenizerJson }),
  );
});

const CLASSES = 3;

/** Texts of three classes, each with a word of its own among others; `flipped` of them are labelled as another class. */
function texts(count: number, seed: number, flipped = 0) {
  const random = createRandom(seed);
  const classes = Int32Array.from({ length: count }, (_, row) => row % CLASSES);
  const all = Array.from(classes, (label) => {
    const words = Array.from({ length: 2 + Math.floor(8 * random()) }, () => `w${Math.floor(60 * random())}`);
    return [`w${900 + label}`, `w${900 + label}`, ...words].join(" ");
  });
  const wrong = shuffledIndices(count, random).slice(0, flipped);
  const labels = classes.slice();
  for (const row of wrong) labels[row] = ((labels[row] ?? 0) + 1 + Math.floor(2 * random())) % CLASSES;
  return { all, labels, wrong: new Set(wrong) };
}

interface Options {
  changes?: Partial<Recipe>;
  task?: string;
  rows?: number;
  flipped?: number;
  copies?: number;
  onEvent?: (event: TrainEvent, control: RunControl) => void;
}

async function trained({ changes = {}, task = "single-label", rows = 90, flipped = 0, copies = 0, onEvent }: Options) {
  const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 3, baseline: false, dataMap: true, ...changes };
  const tokenizer = createTokenizer(opened.tokenizer);
  const labelsOf = (labels: Int32Array) => {
    if (task === "multi-label") {
      const marks = Float32Array.from({ length: CLASSES * labels.length }, (_, at) =>
        Number(labels[Math.floor(at / CLASSES)] === at % CLASSES),
      );
      return { labels: marks, labelWidth: CLASSES };
    }
    return { labels: task === "regression" ? Float32Array.from(labels) : labels };
  };
  const given = texts(rows, 1, flipped);
  const held = texts(30, 2);
  const encoded = ({ all, labels }: ReturnType<typeof texts>) =>
    labelled(encodeRows(all, null, recipe, tokenizer), labelsOf(labels));
  const labelNames = task === "regression" ? [] : ["a", "b", "c"];
  const input = { opened, recipe, labelNames, copies, task: trainedTaskNamed(task) };
  const control = new RunControl();
  const run = await Run.load({ ...input, train: encoded(given), validation: encoded(held) }, control);
  for await (const event of run.events()) onEvent?.(event, control);
  return { run, ...given };
}

/** Losses and norms of all steps. */
const numbersOf = ({ history }: Run) =>
  history.flatMap((event) => (event.type === "step" ? [event.loss, event.gradientNorm] : []));

describe("the data map of a run", () => {
  it.each<[string, Partial<Recipe>]>([
    ["as it is", {}],
    [
      "with dropout, several parts of a step and fewer rows of a class",
      { hiddenDropout: 0.2, accumulate: 2, sampling: "undersample" },
    ],
    ["of the head alone", { frozen: ["embeddings.", "encoder.", "pooler."] }],
    ["with windows and a moving average", { maxLength: 6, longTexts: "windows", windowOverlap: 1, ema: 0.5 }],
  ])("leaves the training as it is, to the bit: %s", async (_, changes) => {
    const [on, off] = [await trained({ changes }), await trained({ changes: { ...changes, dataMap: false } })];
    expect(numbersOf(on.run)).toEqual(numbersOf(off.run));
    expect((await on.run.results("best")).scores).toEqual((await off.run.results("best")).scores);
    expect([on.run.dataMap?.epochs, off.run.dataMap]).toEqual([3, null]);
    expect(on.run.dataMap?.confidence).toHaveLength(90);
    const told = on.run.history.flatMap((event) =>
      event.type === "dataMap" && event.done === 90 ? [event.epoch] : [],
    );
    expect(told).toEqual([1, 2, 3]);
    for (const { run } of [on, off]) run.dispose();
  });

  it.each(["single-label", "multi-label"])("finds flipped labels: %s", async (task) => {
    const changes = { epochs: 6, learningRate: 5e-3 };
    const { run, wrong, labels } = await trained({ task, changes, rows: 150, flipped: 15 });
    const map = run.dataMap;
    if (!map) throw new Error("A map was expected.");
    const order = [...map.confidence.keys()].sort((a, b) => (map.confidence[a] ?? 0) - (map.confidence[b] ?? 0));
    const lowest = new Set(order.slice(0, 22));
    const found = [...wrong].filter((row) => regionAt(map, row) === "hard" || lowest.has(row));
    expect(found.length).toBeGreaterThanOrEqual(11);
    // Where it is not hard to find them, most rows have another region than they.
    expect(order.filter((row) => regionAt(map, row) === "hard").length).toBeLessThan(75);
    expect(map.labels).toEqual(Array.from(labels, (label) => ["a", "b", "c"][label]));
    run.dispose();
  });

  it("is of rows without changed copies", async () => {
    const { run } = await trained({ copies: 10 });
    expect(run.dataMap?.confidence).toHaveLength(80);
    run.dispose();
  });

  it("is not counted as training, and waits where the run is paused", async () => {
    let trainingMs = NaN;
    const { run } = await trained({
      onEvent(event, control) {
        if (event.type === "evaluation" && event.scope === "full" && event.step === 12) {
          trainingMs = event.trainingMs;
          control.pause();
          setTimeout(() => control.resume(), 60);
        }
        if (event.type === "dataMap") expect(event.done).toBeGreaterThan(0);
      },
    });
    const next = run.history.find((event) => event.type === "step" && event.step === 13);
    const end = run.history.find((event) => event.type === "end");
    expect(trainingMs).toBeGreaterThan(0);
    expect(next?.type === "step" && next.trainingMs > trainingMs).toBe(true);
    expect(end?.type === "end" && end.wallMs > end.trainingMs).toBe(true);
    expect(run.dataMap?.epochs).toBe(3);
    run.dispose();
  });

  it("has the epochs that are complete where the run is stopped, and none of fewer than two", async () => {
    const stoppedAt = (step: number) =>
      trained({
        onEvent(event, control) {
          if (event.type === "step" && event.step === step) control.stop();
        },
      });
    const [late, early, last] = [await stoppedAt(30), await stoppedAt(15), await stoppedAt(24)];
    expect([late, last].map(({ run }) => run.dataMap?.epochs)).toEqual([2, 2]);
    expect(early.run.dataMap).toBeNull();
    expect(early.run.wantsDataMap).toBe(true);
    for (const { run } of [late, early, last]) run.dispose();
  });

  it("is refused of a single epoch, and is none where labels have no probability", async () => {
    await expect(trained({ changes: { epochs: 1 } })).rejects.toThrow(Problem);
    const { run } = await trained({ task: "regression", changes: { epochs: 1 } });
    expect([run.dataMap, run.wantsDataMap]).toEqual([null, false]);
    run.dispose();
  });
});
