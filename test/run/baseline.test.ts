import type { ClassPrediction } from "../../src/tasks/single-label/predictions.ts";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import { labelled } from "../../src/data/windows.ts";
import { exportEntries } from "../../src/export/entries.ts";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { loadClassifier, openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { score } from "../../src/run/score.ts";
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

/** Rows of three classes, each with a word of its own among others. */
function rowsOf(count: number, recipe: Recipe, seed: number) {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: count }, (_, row) => row % 3);
  const texts = Array.from(labels, (label) => {
    const words = Array.from({ length: 2 + Math.floor(10 * random()) }, () => `w${Math.floor(60 * random())}`);
    return [`w${900 + label}`, `w${900 + label}`, ...words].join(" ");
  });
  return labelled(encodeRows(texts, null, recipe, createTokenizer(opened.tokenizer)), { labels });
}

async function trained(
  changes: Partial<Recipe> = {},
  onEvent: (event: TrainEvent, control: RunControl) => void = () => undefined,
) {
  const recipe = { ...tinyRecipe, batchSize: 8, epochs: 1, ...changes };
  const control = new RunControl();
  const input = { opened, recipe, labelNames: ["a", "b", "c"] };
  const run = await Run.load({ ...input, train: rowsOf(90, recipe, 1), validation: rowsOf(30, recipe, 2) }, control);
  for await (const event of run.events()) onEvent(event, control);
  return run;
}

describe("the baseline of a run", () => {
  it("says how far it is while it is fitted, and stops there", async () => {
    const told: TrainEvent[] = [];
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 200));
    const run = await trained({}, (event, control) => {
      if (event.type !== "probe") return;
      told.push(event);
      if (event.what === "fit") control.stop();
    }).finally(() => clock.mockRestore());
    expect(told.at(0)).toMatchObject({ of: "baseline", what: "vectors", total: 120 });
    expect(told.at(-1)).toMatchObject({ of: "baseline", what: "fit", total: 10 });
    expect(run.baseline).toBeNull();
    run.dispose();
  });

  it("comes before the first step, and tells planted classes apart", async () => {
    const run = await trained();
    // How far a probe is comes as often as the clock says.
    const types = run.history.map(({ type }) => type).filter((type, i, all) => type !== "probe" || all[i - 1] !== type);
    expect(types.slice(0, 3)).toEqual(["plan", "probe", "baseline"]);
    const event = run.history.find((one) => one.type === "baseline");
    expect(event).toMatchObject({ task: "single-label", trainRows: 90, report: { rows: 30 } });
    expect(event?.report).toEqual(run.baseline?.report);
    const { accuracy } = run.baseline?.report as unknown as { accuracy: number };
    expect(accuracy).toBeGreaterThan(0.6);
    run.dispose();
  });

  it("is compared with the best weights by the metric that chose them", async () => {
    const still = await trained({ learningRate: 1e-9 });
    expect(still.againstBaseline).toMatchObject({ metric: { key: "macroF1" }, better: "baseline" });
    still.dispose();
    const quick = await trained({ effort: "quick" });
    expect(quick.againstBaseline).toBeNull();
    quick.dispose();
  });

  it("changes nothing in the fine-tuning", async () => {
    const reports = [];
    for (const baseline of [true, false]) {
      const run = await trained({ baseline });
      expect(run.baseline === null).toBe(!baseline);
      reports.push((await run.results("last")).report);
      run.dispose();
    }
    expect(reports[0]).toEqual(reports[1]);
  });

  it("is the same again, and reads long texts in windows", async () => {
    const changes = { maxLength: 6, longTexts: "windows", windowOverlap: 1 } as const;
    const [first, second] = [await trained(changes), await trained(changes)];
    expect(first.baseline).toEqual(second.baseline);
    expect(first.baseline?.report.rows).toBe(30);
    first.dispose();
    second.dispose();
  });

  it("predicts what it was scored with, and again from its downloaded folder, which is an encoder's", async () => {
    const run = await trained();
    const rows = rowsOf(30, tinyRecipe, 2);
    const logits = await run.logits(rows, "baseline");
    const results = await run.results("baseline");
    const probabilities = run.task
      .predictionsOf(logits, ["a", "b", "c"])
      .flatMap((row) => (row as ClassPrediction).probabilities);
    const right = run.task
      .predictionsOf(logits, ["a", "b", "c"])
      .filter((found, row) => (found as ClassPrediction).label === "abc"[results.truth.labels[row] ?? 0]);
    expect((results.report as unknown as { accuracy: number }).accuracy).toBeCloseTo(right.length / 30, 6);
    const named = Array.from({ length: 30 }, (_, i) => ({ line: i + 1, text: "", pair: null }));
    const files: ByteSource[] = [];
    let card = "";
    for await (const { name, input } of exportEntries(
      await run.exportContents("baseline", "float32", named, "rows.csv"),
    )) {
      const parts: BlobPart[] = [];
      if (typeof input === "string" || input instanceof Uint8Array) parts.push(input);
      else for await (const part of input) parts.push(part);
      if (name === "README.md" && typeof input === "string") card = input;
      files.push(bytesSource(name, new Uint8Array(await new Blob(parts).arrayBuffer())));
    }
    expect(card).toContain("a linear model (the baseline of a run)");
    expect(card).toContain("load the encoder, and the classifier beside it");
    const again = await openModel(files);
    expect(again.config.pooling).toBe("mean");
    const model = await loadClassifier(again, ["a", "b", "c"]);
    const after = run.task
      .predictionsOf(await score(model, rows, 3), ["a", "b", "c"])
      .flatMap((row) => (row as ClassPrediction).probabilities);
    expect(Math.max(...after.map((value, i) => Math.abs(value - (probabilities[i] ?? NaN))))).toBeLessThan(1e-6);
    model.dispose();
    run.dispose();
  });

  it("starts the head too where the recipe says so: the first evaluation knows the classes before the first step", async () => {
    const first = async (headStart: Recipe["headStart"]) => {
      const run = await trained({ headStart, evaluationSample: 30 });
      const event = run.history.find((one) => one.type === "evaluation");
      run.dispose();
      return (event?.report as unknown as { accuracy: number }).accuracy;
    };
    expect(await first("probe")).toBeGreaterThan(0.6);
    expect(await first("random")).toBeLessThan(0.6);
  });

  it("is left out of an encoder that starts at random, and when the run is stopped before", async () => {
    const random = await trained({ start: "random" });
    expect(random.baseline).toBeNull();
    random.dispose();
    const stopped = await trained({}, (event, control) => {
      if (event.type === "probe") control.stop();
    });
    expect(stopped.baseline).toBeNull();
    expect(stopped.history.at(-1)).toMatchObject({ type: "end", reason: "stopped", step: 0 });
    stopped.dispose();
  });
});
