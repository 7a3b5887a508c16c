import { beforeAll, describe, expect, it } from "vitest";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import type { RunState } from "../../src/run/saved-run.ts";
import { RunControl } from "../../src/train/control.ts";
import { checkpointFiles, tinyConfig, tinyTensors, tinyTokenizer } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { expectSameAfterResume, inputOf, resumedCases, written } from "./resume-runs.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const tokenizer = smallTokenizer(["[MASK]", ...Array.from({ length: 992 }, (_, i) => `w${i}`)]).tokenizerJson;
  opened = await openModel(await checkpointFiles(await tinyTensors(), { tokenizer }));
});

/** Where each case is saved; after the fourth step of six in an epoch where not given. */
const moments: Record<string, readonly string[]> = {
  "all weights, with dropout and accumulation": ["1", "4", "epoch", "9", "17"],
  "pretraining before": ["pretraining 3", "4"],
  "early stopping": ["epoch", "10"],
};

describe("a run that goes on from a save has the same bits as one that was never interrupted", () => {
  it.each(Object.keys(resumedCases))("%s", async (name) => {
    await expectSameAfterResume(inputOf(name, opened), moments[name] ?? ["4", "epoch"]);
  });

  it("of another family", async () => {
    const reference = "families/distilbert";
    const files = await checkpointFiles(await tinyTensors(reference), {
      config: tinyConfig({}, reference),
      tokenizer: tinyTokenizer(91),
    });
    const input = inputOf("all weights, with dropout and accumulation", await openModel(files));
    const small = { recipe: { ...input.recipe, maxLength: 24 }, train: learnableRows(44, 1, 12, 90) };
    await expectSameAfterResume({ ...input, ...small, validation: learnableRows(15, 2, 12, 90) }, ["4", "epoch"]);
  });
});

describe("a run that was stopped", () => {
  it("is saved before its last evaluation, and goes on as if it had not been stopped", async () => {
    const input = inputOf("a moving average", opened);
    const whole = await Run.load(input, new RunControl());
    for await (const event of whole.events()) expect(event.type).not.toBe("failed");
    const control = new RunControl();
    const states: RunState[] = [];
    const saver = {
      isDue: (moment: string) => moment === "stop",
      latest: async () => states.at(-1) ?? null,
      save: async (state: RunState) => void states.push(await written(state)),
    };
    const stopped = await Run.load(input, control, undefined, { saver });
    for await (const event of stopped.events()) if (event.type === "step" && event.step === 8) control.stop();
    const [resumed] = states;
    if (!resumed) throw new Error("The run was not saved.");
    const run = await Run.load(input, new RunControl(), undefined, { resumed });
    for await (const event of run.events()) expect(event.type).not.toBe("plan");
    expect(await run.logits(input.validation, "last")).toEqual(await whole.logits(input.validation, "last"));
    expect(run.stepOf("last")).toBe(18);
  });
});
