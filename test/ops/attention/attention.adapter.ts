import { beforeAll, describe, expect, it } from "vitest";
import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { dropoutKey, NO_DROPOUT } from "../../../src/ops/dropout/random.ts";
import { expectRight } from "./expect-right.ts";

// The kernels for GPUs against float64, over many head sizes and lengths of rows.

beforeAll(async () => {
  const { backend, adapter } = await startNodeBackend("webgpu");
  expect(backend).toBe("webgpu");
  runningGpu().kernels = "gpu";
  console.error(adapter);
});

const dropouts = [NO_DROPOUT, { rate: 0.3, key: dropoutKey(42, 3, 0, 1) }];

describe.each([1, 4, 7, 16, 26, 32, 45, 64, 72, 80, 100, 128, 130, 200, 504])("attention, heads of %i", (headSize) => {
  it.each([[[1]], [[31, 1, 32, 2]], [[33, 64, 7]], [[100, 65]]])("rows of %j tokens", async (lengths) => {
    for (const dropout of dropouts) await expectRight({ headSize, heads: 2, lengths, dropout });
  });
});

describe("attention in long rows", () => {
  it.each([
    [32, [512, 3, 257]],
    [64, [512]],
    [4, [1, 1100, 2]],
  ])("heads of %i, rows of %j tokens", async (headSize, lengths) => {
    for (const dropout of dropouts) await expectRight({ headSize, heads: 1, lengths, dropout });
  });
});
