import { describe, expect, it } from "vitest";
import { advise } from "../../src/advice/advice.ts";
import type { RunRecord, TextsFacts } from "../../src/advice/record.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { recordedRun, runUntil } from "./recorded-run.ts";

const findingOf = (run: RunRecord, id: string) => advise(run).find((finding) => finding.id === id);
const withRecipe = (run: RunRecord, patch: Partial<Recipe>) => ({ ...run, recipe: { ...run.recipe, ...patch } });
const patches = (run: RunRecord, id: string) =>
  Object.assign({}, ...(findingOf(run, id)?.remedies.map(({ change }) => change?.patch) ?? [])) as Partial<Recipe>;

describe("overfitting", () => {
  const run = recordedRun("overfitting");
  const lowest = run.evaluations
    .filter(({ scope }) => scope !== "baseline")
    .reduce((a, b) => (b.report.logLoss < a.report.logLoss ? b : a));

  it("names the lowest validation loss, its step, and the loss of late", () => {
    const { text = "", certainty } = findingOf(run, "overfitting") ?? {};
    expect(text).toContain(`rose from ${Number(lowest.report.logLoss.toPrecision(3))} at step ${lowest.step} to 2.0`);
    expect(text).toContain("at step 240, while training loss fell from 0.58");
    expect(certainty).toBe("clear");
  });

  it("is not seen before the loss has turned, and not in training losses that rise with it", () => {
    expect(findingOf(runUntil(run, lowest.step + 8), "overfitting")).toBeUndefined();
    const steps = run.steps.map((step) => ({ ...step, loss: step.loss + step.step / 100 }));
    expect(findingOf({ ...run, steps }, "overfitting")).toBeUndefined();
  });

  it("is only possible where macro F1 holds", () => {
    expect(findingOf(recordedRun("overfitting-epochs"), "overfitting")).toMatchObject({
      certainty: "possible",
      severity: "low",
    });
  });

  it("offers the epochs up to the turn, early stopping and dropout, and none that is there already", () => {
    expect(patches(run, "overfitting")).toMatchObject({ epochs: 1, earlyStopping: 2, hiddenDropout: 0.2 });
    expect(patches(run, "overfitting")).toMatchObject({ labelSmoothing: 0.1, l2sp: 0.01, weightDecay: 0 });
    expect(patches(run, "overfitting")).toMatchObject({ frozen: ["embeddings.", "encoder.layer.0."] });
    const treated = withRecipe(run, {
      earlyStopping: 1,
      hiddenDropout: 0.3,
      labelSmoothing: 0.05,
      frozen: ["embeddings.", "encoder.layer.0."],
      l2sp: 0.1,
    });
    expect(patches(treated, "overfitting")).toEqual({ epochs: 1 });
  });
});

describe("a head that trains alone", () => {
  const frozen = ["embeddings.", "encoder."];

  it("has its own dropout raised, as none of the encoder’s acts, and nothing more frozen or pulled", () => {
    const run = withRecipe(recordedRun("overfitting"), { frozen });
    expect(patches(run, "overfitting")).toEqual({
      epochs: 1,
      earlyStopping: 2,
      classifierDropout: 0.2,
      labelSmoothing: 0.1,
    });
  });

  it("has a rate of its own, and gives it up when all weights are to train", () => {
    const run = withRecipe(recordedRun("rate-too-low"), { frozen });
    const changes = findingOf(run, "rate-too-low")?.remedies.map(({ change }) => change?.patch) ?? [];
    expect(changes.slice(0, 2)).toEqual([{ learningRate: 1e-3 }, { frozen: [], learningRate: 2e-5 }]);
    const slow = withRecipe(recordedRun("underfitting"), { frozen, learningRate: 1e-3 });
    const released = findingOf(slow, "underfitting")?.remedies.map(({ change }) => change?.patch) ?? [];
    expect(released.slice(1, 3)).toEqual([{ learningRate: 2.5e-3 }, { frozen: [], learningRate: 2e-5 }]);
  });
});

describe("underfitting", () => {
  const run = recordedRun("underfitting");

  it("is said at the end alone, and doubles the epochs", () => {
    expect(findingOf(runUntil(run, 149), "underfitting")).toBeUndefined();
    expect(findingOf({ ...run, state: "stopped" }, "underfitting")).toBeUndefined();
    expect(patches(run, "underfitting")).toMatchObject({ epochs: 4 });
    expect(findingOf(run, "underfitting")?.text).toContain("gives 1.1");
  });

  it("gives back what holds the weights, and a higher rate to a low one", () => {
    const held = withRecipe(run, {
      learningRate: 1e-5,
      frozen: ["encoder.layer.0."],
      hiddenDropout: 0.3,
      labelSmoothing: 0.1,
      l2sp: 0.01,
      rDrop: 1,
      layerDecay: 0.8,
    });
    expect(patches(held, "underfitting")).toEqual({
      epochs: 4,
      learningRate: 2.5e-5,
      frozen: [],
      hiddenDropout: 0.1,
      labelSmoothing: 0,
      l2sp: 0,
      rDrop: 0,
      layerDecay: 1,
    });
  });

  it("is not seen where the loss has come to rest, or is low", () => {
    const at = (loss: (step: number) => number) => ({
      ...run,
      steps: run.steps.map((step) => ({ ...step, loss: loss(step.step) })),
    });
    expect(
      findingOf(
        at((step) => 0.9 - step / 1000),
        "underfitting",
      ),
    ).toBeDefined();
    expect(
      findingOf(
        at((step) => (step < 70 ? 0.9 : 0.8)),
        "underfitting",
      ),
    ).toBeUndefined();
    expect(
      findingOf(
        at((step) => 0.5 - step / 1000),
        "underfitting",
      ),
    ).toBeUndefined();
  });
});

describe("instability", () => {
  it("names the step at which a number was not finite, whether or not the run says that it failed", () => {
    const run = recordedRun("diverged");
    expect(findingOf(run, "instability")?.text).toMatch(
      /^Before it broke, at step 2, the loss was .+ at a rate of .+; guessing gives a loss of 0\.6\d+\./,
    );
    expect(findingOf({ ...run, state: "running" }, "instability")?.title).toBe("The steps were too large");
    expect(patches(run, "instability")).toMatchObject({ learningRate: 1e-3, maxGradientNorm: 1, warmupShare: 0.2 });
    expect(patches(run, "instability")).toMatchObject({ batchSize: 32, accumulate: 2 });
    expect(patches(run, "instability")).not.toHaveProperty("biasCorrection");
    expect(patches(withRecipe(run, { biasCorrection: false }), "instability")).toMatchObject({ biasCorrection: true });
  });

  it("counts spikes, but not a few, and not those that one row of a small batch can make", () => {
    const run = recordedRun("instability");
    expect(findingOf(run, "instability")).toMatchObject({ severity: "high", certainty: "clear" });
    const calm = recordedRun("healthy-two-classes");
    const spiked = (count: number) => ({
      ...calm,
      steps: calm.steps.map((step) => (step.step > 100 && step.step <= 100 + count ? { ...step, loss: 4 } : step)),
    });
    expect(findingOf(spiked(2), "instability")).toBeUndefined();
    expect(findingOf(spiked(8), "instability")?.text).toContain("with 4 at most");
    expect(findingOf(withRecipe(spiked(8), { batchSize: 2 }), "instability")).toBeUndefined();
  });

  it("sees the gradient norm swing while there is something to learn, and asks for a schedule that falls", () => {
    const run = recordedRun("swings");
    expect(findingOf(run, "instability")?.text).toContain("factor of");
    expect(patches(run, "instability")).toMatchObject({ schedule: "linear", maxGradientNorm: 1 });
    const learned = { ...run, steps: run.steps.map((step) => ({ ...step, loss: step.loss / 10 })) };
    expect(findingOf(learned, "instability")).toBeUndefined();
  });
});

describe("collapse", () => {
  const run = recordedRun("collapse");

  it("names the class and its share of the rows", () => {
    expect(findingOf(run, "collapse")?.text).toMatch(/“good”, the class of 75\s% of the rows\. This is clear/);
    expect(patches(run, "collapse")).toMatchObject({ learningRate: 1e-3, classWeights: "balanced" });
    expect(patches(recordedRun("instability"), "collapse")).not.toHaveProperty("classWeights");
    const usual = patches(withRecipe(run, { learningRate: 2e-5 }), "collapse");
    expect(usual).toMatchObject({ epochs: 2 * run.recipe.epochs });
    expect(usual).not.toHaveProperty("learningRate");
  });

  it("is over with the first evaluation that tells classes apart, and not seen in the warm-up", () => {
    const sound = recordedRun("healthy-two-classes").evaluations.at(-1);
    const last = run.evaluations.at(-1);
    if (!sound || !last) throw new Error("The runs have evaluations.");
    const evaluations = [...run.evaluations.slice(0, -1), { ...last, report: sound.report }];
    expect(findingOf({ ...run, evaluations }, "collapse")).toBeUndefined();
    expect(findingOf(withRecipe(run, { warmupSteps: 175 }), "collapse")).toBeUndefined();
  });
});

describe("the rate", () => {
  it("is too low where no loss moves, and not where it is at its usual height or has hardly begun", () => {
    const run = recordedRun("rate-too-low");
    expect(findingOf(run, "rate-too-low")?.text).toContain("At a rate of 1e-7");
    expect(patches(run, "rate-too-low")).toMatchObject({ learningRate: 2e-5, epochs: 12 });
    expect(findingOf(runUntil(run, 60), "rate-too-low")).toBeUndefined();
    expect(findingOf(withRecipe(run, { learningRate: 1e-3 }), "rate-too-low")).toBeUndefined();
  });

  it("is too high where the loss jumps at the end of the warm-up, and not where it jumps long after", () => {
    const run = recordedRun("rate-too-high");
    expect(findingOf(run, "rate-too-high")?.text).toMatch(/was 0\.01\d+ around step 7\d, and 0\.6\d+ around step 8\d/);
    expect(patches(run, "rate-too-high")).toMatchObject({ learningRate: 1e-3 });
    expect(findingOf(withRecipe(run, { warmupSteps: 10 }), "rate-too-high")).toBeUndefined();
    expect(findingOf(withRecipe(run, { schedule: "constant" }), "rate-too-high")).toBeUndefined();
  });

  it("has every gradient clipped at a limit far below them, and not at one nearby", () => {
    const run = recordedRun("always-clipped");
    expect(patches(run, "always-clipped")).toMatchObject({ maxGradientNorm: 1 });
    const steep = { ...run, steps: run.steps.map((step) => ({ ...step, gradientNorm: 100 })) };
    const first = findingOf(withRecipe(steep, { maxGradientNorm: 1 }), "always-clipped")?.remedies[0];
    expect(first?.change?.patch).toEqual({ learningRate: 1.5e-4 });
    expect(findingOf(withRecipe(run, { maxGradientNorm: 1 }), "always-clipped")).toBeUndefined();
    expect(findingOf(withRecipe(run, { clipping: "value" }), "always-clipped")).toBeUndefined();
  });
});

describe("the batch", () => {
  it("is too small where the loss jumps from step to step, and grows in micro-batches", () => {
    const run = recordedRun("batch-too-small");
    expect(findingOf(run, "batch-too-small")?.text).toMatch(/With 1 row per step the loss moved by \d\d\s% of itself/);
    expect(patches(run, "batch-too-small")).toMatchObject({ batchSize: 16, accumulate: 16 });
    expect(findingOf(withRecipe(run, { batchSize: 16 }), "batch-too-small")).toBeUndefined();
    const steady = { ...run, steps: run.steps.map((step) => ({ ...step, loss: 1 + step.loss / 10 })) };
    expect(findingOf(steady, "batch-too-small")).toBeUndefined();
  });
});

describe("the max length", () => {
  const run = recordedRun("cut-rows");

  it("is too short for the share of the rows that are cut, and is raised to where few are", () => {
    expect(findingOf(run, "max-length")?.text).toMatch(/^65\s% of the rows are longer than 20 tokens/);
    expect(patches(run, "max-length")).toEqual({ maxLength: 48 });
    expect(findingOf(withRecipe(run, { maxLength: 44 }), "max-length")).toBeUndefined();
    expect(findingOf({ ...run, data: { ...run.data, longerThan: null } }, "max-length")).toBeUndefined();
  });

  it("is raised no further than the model reads", () => {
    const short = { ...run, data: { ...run.data, mostTokens: 24 } };
    const windows = { longTexts: "windows", windowOverlap: 5 };
    expect(patches(short, "max-length")).toEqual({ maxLength: 24, ...windows });
    const shortest = { ...run, data: { ...run.data, mostTokens: 20 } };
    expect(patches(shortest, "max-length")).toEqual(windows);
    expect(findingOf(withRecipe(shortest, { longTexts: "windows" }), "max-length")).toBeUndefined();
    expect(findingOf(shortest, "max-length")?.remedies[1]?.text).toContain("longer texts");
  });
});

describe("imbalance", () => {
  const run = recordedRun("imbalance");

  it("names the class that is missed, with its rows, and balances the classes", () => {
    expect(findingOf(run, "imbalance")?.text).toContain("“sport” has 33 training rows, the largest class 542");
    expect(patches(run, "imbalance")).toEqual({ classWeights: "balanced" });
  });

  it("is not seen where classes are weighted or sampled, are alike in size, or had no epoch yet", () => {
    expect(findingOf(withRecipe(run, { classWeights: "balanced" }), "imbalance")).toBeUndefined();
    expect(findingOf(withRecipe(run, { sampling: "oversample" }), "imbalance")).toBeUndefined();
    const alike = { ...run, data: { ...run.data, trainCounts: [400, 400, 400] } };
    expect(findingOf(alike, "imbalance")).toBeUndefined();
    expect(findingOf(runUntil(run, 60), "imbalance")).toBeUndefined();
  });
});

describe("forgetting", () => {
  const run = recordedRun("forgetting");
  const last = run.earlier.at(-1);
  const withEarlier = (accuracyAt: (step: number) => number, changes: Partial<RunRecord> = {}) => ({
    ...run,
    ...changes,
    earlier: run.earlier.map((score) => ({ ...score, report: { ...score.report, accuracy: accuracyAt(score.step) } })),
  });

  it("names both scores of the earlier task, the new one's, and what guessing gives", () => {
    const { text = "", certainty, severity } = findingOf(run, "forgetting") ?? {};
    expect(last?.step).toBe(180);
    expect(text.replaceAll("\u202f", " ")).toMatch(
      /^Accuracy on the earlier task fell from 97 % before the first step to 83 % over the last 3 evaluations, up to step 180, while the new task’s went from \d\d % to 98 %\. Guessing gives 5\d %\. With 180 rows/,
    );
    expect({ certainty, severity }).toEqual({ certainty: "clear", severity: "medium" });
    expect(findingOf(runUntil(run, 100), "forgetting")?.text).toContain("may come back as the rate falls");
  });

  it("is not seen without an earlier task, where its score holds, or falls by no more than chance", () => {
    expect(findingOf({ ...run, earlier: [] }, "forgetting")).toBeUndefined();
    expect(findingOf(recordedRun("healthy-rehearsal"), "forgetting")).toBeUndefined();
    expect(
      findingOf(
        withEarlier((step) => (step === 0 ? 0.97 : 0.93)),
        "forgetting",
      ),
    ).toBeUndefined();
    const few = withEarlier((step) => (step === 0 ? 0.9 : 0.8));
    const small = { ...few, earlier: few.earlier.map((one) => ({ ...one, report: { ...one.report, rows: 20 } })) };
    expect(findingOf(few, "forgetting")).toBeDefined();
    expect(findingOf(small, "forgetting")).toBeUndefined();
  });

  it("waits until the steps of the highest rate are over, and for more than one low score", () => {
    const dips = withEarlier((step) => (step > 0 && step < 40 ? 0.6 : 0.97));
    expect(findingOf(runUntil(dips, 36), "forgetting")).toBeUndefined();
    const once = withEarlier((step) => (step === 81 ? 0.6 : 0.97));
    expect(findingOf(runUntil(once, 81), "forgetting")).toBeUndefined();
    const ended = { ...run, earlier: [run.earlier[0], last].filter((score) => score !== undefined) };
    expect(findingOf(ended, "forgetting")).toBeDefined();
    expect(findingOf({ ...ended, state: "running" }, "forgetting")).toBeUndefined();
  });

  it("is grave where hardly anything is left above guessing", () => {
    expect(
      findingOf(
        withEarlier((step) => (step === 0 ? 0.97 : 0.55)),
        "forgetting",
      )?.severity,
    ).toBe("high");
  });

  it("offers rehearsal, weight consolidation and gentler ways, and more of what is there already", () => {
    expect(patches(run, "forgetting")).toEqual({
      rehearsal: 0.25,
      ewc: 1e6,
      learningRate: 1e-3,
      layerDecay: 0.9,
      gradualUnfreezing: true,
    });
    const treated = { rehearsal: 0.3, ewc: 1e8, layerDecay: 0.8, gradualUnfreezing: true };
    expect(patches(withRecipe(run, treated), "forgetting")).toEqual({ rehearsal: 0.5, learningRate: 1e-3 });
    expect(patches(withRecipe(run, { ewc: 1e4 }), "forgetting")).toMatchObject({ ewc: 1e5 });
    // Layers that share their weights have one rate.
    const shared = { ...run, data: { ...run.data, sharesLayers: true } };
    expect(patches(shared, "forgetting")).toEqual({ rehearsal: 0.25, ewc: 1e6, learningRate: 1e-3 });
  });
});

describe("forgetting of texts", () => {
  const run = recordedRun("forgetting-texts");
  const changed = ({ earlierTexts }: RunRecord, changes: (one: TextsFacts) => Partial<TextsFacts["report"]>) =>
    earlierTexts.map((one) => ({ ...one, report: { ...one.report, ...changes(one) } }));
  const withLoss = (lossAt: (step: number) => number, changes: Partial<RunRecord> = {}) => ({
    ...run,
    ...changes,
    earlierTexts: changed(run, ({ step }) => ({ loss: lossAt(step) })),
  });
  const found = (one: RunRecord) => findingOf(one, "forgotten-texts");

  it("names both losses and perplexities, and how many words they are of", () => {
    const { text = "", certainty, severity } = found(run) ?? {};
    expect(text).toBe(
      "The loss of masked words in the earlier texts rose from 1.32 before the first step to 3.34 over the last " +
        "3 evaluations, up to step 180: the pseudo-perplexity from 3.73 to 28.3. With 83 masked words to measure it " +
        "on, this is clear.",
    );
    expect({ certainty, severity }).toEqual({ certainty: "clear", severity: "medium" });
    expect(found(runUntil(run, 100))?.text).toContain("may come back as the rate falls");
    expect(found(withLoss((step) => (step === 0 ? 1.3 : 6)))?.severity).toBe("high");
  });

  it("is not seen without texts, where the loss holds, or rises by no more than chance", () => {
    expect(found({ ...run, earlierTexts: [] })).toBeUndefined();
    expect(found(recordedRun("healthy-consolidated-texts"))).toBeUndefined();
    expect(found(withLoss((step) => (step === 0 ? 1.3 : 1.5)))).toBeUndefined();
    const many = withLoss((step) => (step === 0 ? 1.3 : 1.5));
    const surely = { ...many, earlierTexts: changed(many, () => ({ masked: 5000 })) };
    expect(found(surely)).toBeDefined();
    const third = changed(surely, ({ report }) => ({ loss: report.loss / 3 }));
    expect(found({ ...surely, earlierTexts: third })).toBeUndefined();
  });

  it("is not seen where the language model had learned nothing: a new head guesses", () => {
    expect(found(withLoss((step) => (step === 0 ? 6.8 : 9)))).toBeUndefined();
  });

  it("offers consolidation and gentler ways, but not to rehearse", () => {
    expect(patches(run, "forgotten-texts")).toEqual({
      ewc: 1e4,
      learningRate: 1e-3,
      layerDecay: 0.9,
      gradualUnfreezing: true,
    });
  });
});
