import { beforeAll, expect, it } from "vitest";
import { create, globals } from "webgpu";
import { startBackend } from "../../../src/gpu/backend.ts";
import { computeOn } from "../backends.ts";
import { expectAgreement, expectSameBits } from "../numbers.ts";
import { bothWays, embeddingShapes, embeddingValues } from "./cases.ts";

beforeAll(async () => {
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]), userAgent: "node" }, configurable: true });
  const { backend, adapter } = await startBackend("webgpu", { wasmPaths: "", wasmThreads: 1 });
  expect(backend).toBe("webgpu");
  console.error(adapter);
});

/** Beside the shapes of the browser's tests, those of checkpoints, and a table of more than 65,535 workgroups. */
const shapes = [
  ...embeddingShapes,
  { name: "a base model's hidden size", lengths: [60, 3, 41], word: 501, position: 64, hidden: 768 },
  { name: "an odd size above one workgroup", lengths: [17, 5], word: 33, position: 20, hidden: 515 },
  { name: "eight entries, each used often", lengths: [300, 300], word: 8, position: 300, hidden: 64 },
  { name: "one token that fills all rows", lengths: [200, 200], word: 1, position: 200, hidden: 12 },
  { name: "a table of many workgroups", lengths: [40, 9], word: 65_535 * 16 + 77, position: 40, hidden: 16 },
];

it.each(shapes)("agrees with plain loops, the same bits in any room: $name", async (one) => {
  const values = embeddingValues(one);
  const found = async (spare: number) => ({
    webgpu: await computeOn("webgpu", () => bothWays(one, values, spare)),
    gpu: await computeOn("gpu", () => bothWays(one, values, spare)),
  });
  const exact = await found(0);
  expectAgreement({ cpu: await computeOn("cpu", () => bothWays(one, values, 0)), ...exact }, 5e-6);
  const roomy = await found(6);
  for (const kind of ["webgpu", "gpu"] as const) expectSameBits(roomy[kind], exact[kind]);
});
