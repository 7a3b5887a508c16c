import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import { expectFeatureExtraction } from "./feature-extraction.ts";
import { rows, trained } from "./features-run.ts";
import { tinyModel, tinyRecipe } from "./tiny-run.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const frozen = ["embeddings.", "encoder."];
const total = rows.train.labels.length + rows.validation.labels.length;

describe("feature extraction", () => {
  it.each(["pooler", "cls", "mean", "mean-last-4"] as const)(
    "gives what training a frozen encoder's head gives, with one run of the encoder a row: %s",
    async (pooling) => {
      await expectFeatureExtraction(() => tinyModel({ pooling }), tinyRecipe);
    },
  );

  it("tells how far it is before anything is scored, and gives back all but the weights", async () => {
    const { numTensors } = memory();
    const { events } = await trained(await tinyModel(), { ...tinyRecipe, frozen });
    expect(memory().numTensors).toBe(numTensors);
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(["plan", "memory", "features"]);
    expect(types.lastIndexOf("features")).toBeLessThan(types.indexOf("evaluation"));
    const told = events.flatMap((event) => (event.type === "features" ? [event] : []));
    expect(told.at(-1)).toMatchObject({ done: total, total });
  });

  it("stops when it is told to, before a step", async () => {
    const { numTensors } = memory();
    const { events, extracted } = await trained(
      await tinyModel(),
      { ...tinyRecipe, frozen },
      {
        watch: (event, control) => {
          if (event.type === "features") control.stop();
        },
      },
    );
    expect(extracted).toBeLessThan(total);
    expect(events.some(({ type }) => type === "step")).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: "end", reason: "stopped", step: 0 });
    expect(memory().numTensors).toBe(numTensors);
  });

  it("waits while the run is paused", async () => {
    let woken = false;
    const { events, extracted } = await trained(
      await tinyModel(),
      { ...tinyRecipe, frozen, epochs: 1 },
      {
        watch: (event, control) => {
          if (event.type !== "features" || event.done === total) return;
          control.pause();
          setTimeout(() => {
            woken = true;
            control.resume();
          }, 20);
        },
      },
    );
    expect(woken).toBe(true);
    expect(extracted).toBe(total);
    expect(events.at(-1)).toMatchObject({ reason: "finished" });
  });

  it("leaves the classifier its dropout", async () => {
    const losses = async (classifierDropout: number) =>
      (await trained(await tinyModel(), { ...tinyRecipe, frozen, classifierDropout })).losses;
    expect(await losses(0.3)).not.toEqual(await losses(0));
  });

  it.each([[[]], [["encoder."]], [["embeddings.", "encoder.layer.0."]]])(
    "does not happen where something below the head trains: %j",
    async (some) => {
      const run = await trained(await tinyModel(), { ...tinyRecipe, frozen: some, epochs: 0.2 });
      expect([run.extracted, run.withFeatures]).toEqual([0, 0]);
      expect(run.events.some(({ type }) => type === "features")).toBe(false);
    },
  );
});
