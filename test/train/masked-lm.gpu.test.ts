import { beforeAll, describe, it } from "vitest";
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";
import { startBackends } from "../ops/backends.ts";
import {
  expectMaskedFisher,
  expectLanguageModelReference,
  expectMaskedLoss,
  expectSameInMicroBatches,
} from "./masked-lm.ts";

beforeAll(async () => {
  await startBackends();
});

const weights = async () => (await fetch(weightsUrl)).blob();

describe("masked language modelling on webgpu", () => {
  it("has PyTorch's losses and weights", async () => {
    await expectLanguageModelReference(await weights());
  });

  it("scores held-out rows by the mean over their masked tokens", async () => {
    await expectMaskedLoss(await weights());
  });

  it("has PyTorch's Fisher information of the masked tokens", async () => {
    await expectMaskedFisher(await weights());
  });

  it("does not depend on how a step is cut into micro-batches", async () => {
    await expectSameInMicroBatches(await weights());
  });
});
