import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { PRODUCTS, TILES_OF } from "../../../src/ops/linear/tiles.ts";
import { dropoutKey, NO_DROPOUT } from "../../../src/ops/dropout/random.ts";
import { expectRight } from "./expect-right.ts";

// Attention whose products subgroups compute of matrices, against float64.

beforeAll(async () => {
  const { backend, adapter } = await startNodeBackend("webgpu");
  expect(backend).toBe("webgpu");
  runningGpu().kernels = "gpu";
  console.error(adapter, runningGpu().matrices);
});

/** In which precision there are matrices, and how near the results then are. */
const halves = () => runningGpu().matrices?.components.includes("f16") === true;
const tolerance = () => (halves() ? 1e-2 : 1e-5);

beforeEach(() => {
  const precision = halves() ? "mixed" : "float32";
  const tile = TILES_OF[precision].find(({ matrices }) => matrices !== undefined)?.name ?? "";
  runningGpu().precision = precision;
  runningGpu().tileSpeeds = PRODUCTS.map((product) => ({ tile, product, size: "large", gflops: 1 }));
});

afterEach(() => {
  runningGpu().precision = "float32";
  runningGpu().tileSpeeds = [];
});

const dropouts = [NO_DROPOUT, { rate: 0.3, key: dropoutKey(42, 3, 0, 1) }];

describe.each([4, 26, 64, 130])("attention of matrices, heads of %i", (headSize) => {
  it.each([[[1]], [[31, 1, 32, 2]], [[100, 65]]])("rows of %j tokens", async (lengths) => {
    for (const dropout of dropouts) await expectRight({ headSize, heads: 2, lengths, dropout }, tolerance());
  });
});

it("is computed of halves where subgroups multiply these", async () => {
  const some = { headSize: 32, heads: 2, lengths: [40, 3], dropout: NO_DROPOUT };
  if (halves()) await expect(expectRight(some, 1e-5)).rejects.toThrow("instead of");
  else await expectRight(some, 1e-5);
});
