import { beforeAll, describe, it } from "vitest";
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";
import { startBackends } from "../ops/backends.ts";
import { expectMethod, methodNames } from "./methods.ts";

beforeAll(async () => {
  await startBackends();
});

describe("methods of training on webgpu", () => {
  it.each(methodNames)("have PyTorch's losses and weights: %s", async (name) => {
    await expectMethod(name, await (await fetch(weightsUrl)).blob());
  });
});
