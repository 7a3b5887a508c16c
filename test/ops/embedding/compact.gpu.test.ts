import { beforeAll, describe, expect, it } from "vitest";
import { runningGpu } from "../../../src/gpu/running.ts";
import { tableRows } from "../../../src/ops/embedding/table-rows.ts";
import { BACKENDS, computeOn, startBackends } from "../backends.ts";
import { expectNear, expectSameBits } from "../numbers.ts";
import { compactShapes, twoSteps } from "./compact-cases.ts";

beforeAll(async () => {
  await startBackends();
});

describe.each(BACKENDS)("the gradient of a table as the rows that are looked up, on %s", (backend) => {
  it.each(compactShapes)("changes weights and moments to the same bits as the whole: $name", async (shape) => {
    const { norm1, norm2, ...rows } = await computeOn(backend, () => twoSteps(shape, "rows"));
    const { norm1: expected1, norm2: expected2, ...table } = await computeOn(backend, () => twoSteps(shape, "table"));
    expectNear(norm1, expected1 ?? new Float32Array(0), 1e-6, "norm of the first step");
    expectNear(norm2, expected2 ?? new Float32Array(0), 1e-6, "norm of the second step");
    expectSameBits(rows, table);
    expect(new Set(table.weight).size).toBeGreaterThan(20);
  });

  it("is clipped as the whole is", async () => {
    const [, shape] = compactShapes;
    if (!shape) throw new Error("There is a shape.");
    const rows = await computeOn(backend, () => twoSteps(shape, "rows", 0.5));
    const table = await computeOn(backend, () => twoSteps(shape, "table", 0.5));
    expect(table.norm1?.[1]).toBeLessThan(0.5);
    for (const [name, values] of Object.entries(table)) expectNear(rows[name], values, 1e-5, name);
  });
});

it("of a table that is bound in parts has the same bits as of one that is bound whole", async () => {
  const shape = { name: "", rows: 997, width: 64, lengths: [[9, 3], [20]] };
  const whole = await computeOn("webgpu", () => twoSteps(shape, "rows"));
  runningGpu().limitBindings(2 ** 16);
  const parts = await computeOn("webgpu", () => twoSteps(shape, "rows"));
  runningGpu().limitBindings(Infinity);
  expectSameBits(parts, whole);
});

it("has a place for each row that is looked up, in the order of the rows, and no more than there is room for", async () => {
  const found: number[][] = [];
  await computeOn("webgpu", () => {
    const { places, place } = tableRows([Int32Array.of(5, 2, 5), Int32Array.of(7)], 9, 64);
    found.push([...places]);
    place.dispose();
    return {};
  });
  expect(found).toEqual([[-1, -1, 0, -1, -1, 1, -1, 2, -1]]);
  expect(() => tableRows([Int32Array.of(0, 1, 2)], 9, 2)).toThrow("looks up 3 rows");
});
