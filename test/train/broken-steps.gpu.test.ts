import { beforeAll, describe, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { backendOptions } from "../ops/backends.ts";
import { expectNothingAfterBroken } from "./broken-steps.ts";
import { fetchedModel } from "./fetched-model.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

describe("on webgpu no step changes the weights from a broken one on", () => {
  it.each([NaN, Infinity])("with gradients of %d", async (value) => {
    await expectNothingAfterBroken(fetchedModel, value);
  });
});
