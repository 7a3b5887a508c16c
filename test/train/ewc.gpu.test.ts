import { beforeAll, describe, it } from "vitest";
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";
import { startBackends } from "../ops/backends.ts";
import { expectFisher, expectRun, runNames } from "./ewc.ts";

beforeAll(async () => {
  await startBackends();
});

const weights = async () => (await fetch(weightsUrl)).blob();

describe("elastic weight consolidation and rehearsal on webgpu", () => {
  it("measure PyTorch's Fisher information", async () => {
    await expectFisher(await weights());
  });

  it.each(runNames)("have PyTorch's losses and weights: %s", async (name) => {
    await expectRun(name, await weights());
  });
});
