import { beforeAll, describe, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { blobSource } from "../../src/io/byte-source.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { backendOptions } from "../ops/backends.ts";
import { tinyFiles } from "./tiny-files.ts";
import { expectSameAfterResume, inputOf } from "./resume-runs.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
  opened = await openModel((await tinyFiles()).map((file) => blobSource(file.name, file)));
});

/** Where each is saved; the others are in the test of wasm, whose states and order of steps are the same. */
const moments: Record<string, readonly string[]> = {
  "all weights, with dropout and accumulation": ["1", "4", "epoch", "9", "17"],
  LoRA: ["4"],
  "a moving average": ["epoch"],
  "EWC and rehearsal": ["4"],
  "pretraining before": ["4"],
};

describe("a run on a GPU that goes on from a save has the same bits as one that was never interrupted", () => {
  it.each(Object.keys(moments))("%s", async (name) => {
    await expectSameAfterResume(inputOf(name, opened), moments[name] ?? []);
  });
});
