import { beforeAll, expect, it } from "vitest";
import { create, globals } from "webgpu";
import { startBackend } from "../../../src/gpu/backend.ts";
import { computeOn } from "../backends.ts";
import { expectNear, expectSameBits } from "../numbers.ts";
import { compactShapes, twoSteps } from "./compact-cases.ts";

beforeAll(async () => {
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]), userAgent: "node" }, configurable: true });
  const { backend, adapter } = await startBackend("webgpu", { wasmPaths: "", wasmThreads: 1 });
  expect(backend).toBe("webgpu");
  console.error(adapter);
});

/** Beside the shapes of the browser's tests, that of a base model. */
const shapes = [...compactShapes, { name: "a base model's width", rows: 3001, width: 768, lengths: [[30, 3], [41]] }];

it.each(shapes)("rows that are looked up change a table to the same bits as its whole gradient: $name", async (one) => {
  for (const kind of ["webgpu", "gpu"] as const) {
    const { norm1, norm2, ...rows } = await computeOn(kind, () => twoSteps(one, "rows"));
    const { norm1: expected1, norm2: expected2, ...table } = await computeOn(kind, () => twoSteps(one, "table"));
    expectNear(norm1, expected1 ?? new Float32Array(0), 1e-6, "norm of the first step");
    expectNear(norm2, expected2 ?? new Float32Array(0), 1e-6, "norm of the second step");
    expectSameBits(rows, table);
    expectSameBits(await computeOn(kind, () => twoSteps(one, "rows")), { ...rows, norm1, norm2 } as typeof rows);
  }
});
