import { tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { consistencyLoss } from "../../../src/ops/consistency-loss/consistency-loss.ts";
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import reference from "../../reference/methods.json" with { type: "json" };
import { expectAgreement, expectNear, expectSameBits, randomValues, toCapacity, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "1 row", rows: 1, classes: 2 },
  { name: "3 classes", rows: 7, classes: 3 },
  { name: "more rows than one workgroup", rows: 131, classes: 5 },
  { name: "77 classes", rows: 9, classes: 77 },
];
const one = { shape: [1], values: Float32Array.of(1) };
const SCALE = 0.7;
/** The classes of rows, on the device and on the host; which ones they are does not matter. */
const labelled = (classes: Int32Array) => ({ onDevice: tensor1d(classes, "int32"), classes });
const allOf = (rows: number) => labelled(new Int32Array(rows));

describe("consistency loss", () => {
  it.each(shapes)("agrees on every backend, and with differences: $name", async ({ rows, classes }) => {
    const [first, second] = [randomValues([rows, classes], 1, 2), randomValues([rows, classes], 2, 2)];
    const compute = (spare: number) => ({
      ...consistencyLoss(toCapacity(first, rows + spare), toCapacity(second, rows + spare), allOf(rows), SCALE),
    });
    const all = await computeOnAll(() => compute(0));
    expectAgreement(all, 3e-5);
    expectSameBits(await computeOn("webgpu", () => compute(9)), all.webgpu);
    const loss = () => weightedSum(() => compute(0).loss, one);
    await expectGradient(all.webgpu.dFirst, first, loss, "dFirst");
    await expectGradient(all.webgpu.dSecond, second, loss, "dSecond");
  });

  it("is PyTorch's, loss and gradients, and 0 for equal predictions", async () => {
    const { weight, loss, dFirst, dSecond } = reference.r_drop;
    const rows = reference.r_drop.first.length;
    const valuesOf = (matrix: number[][]) => ({ shape: [rows, 3], values: Float32Array.from(matrix.flat()) });
    const [first, second] = [valuesOf(reference.r_drop.first), valuesOf(reference.r_drop.second)];
    const all = await computeOnAll(() => ({
      ...consistencyLoss(toTensor(first), toTensor(second), allOf(rows), weight / rows),
      none: consistencyLoss(toTensor(first), toTensor(first), allOf(rows), 1).loss,
    }));
    for (const backend of BACKENDS) {
      expect(all[backend].loss?.[0]).toBeCloseTo(loss, 5);
      expectNear(all[backend].dFirst, valuesOf(dFirst).values, 1e-5, `dFirst on ${backend}`);
      expectNear(all[backend].dSecond, valuesOf(dSecond).values, 1e-5, `dSecond on ${backend}`);
      expect(all[backend].none?.[0]).toBeCloseTo(0, 6);
    }
  });

  it("counts nothing of rows without a label", async () => {
    const classes = Int32Array.of(1, -100, 0, -100, 2);
    const [first, second] = [randomValues([5, 3], 3, 2), randomValues([5, 3], 4, 2)];
    const [kept, left] = [
      [0, 2, 4],
      [1, 3],
    ];
    const rowsOf = (values: Float32Array | undefined, rows: number[]) =>
      rows.flatMap((row) => [...(values ?? []).slice(3 * row, 3 * row + 3)]);
    const only = ({ values }: typeof first) => ({ shape: [3, 3], values: Float32Array.from(rowsOf(values, kept)) });
    const all = await computeOnAll(() => ({
      ...consistencyLoss(toTensor(first), toTensor(second), labelled(classes), SCALE),
    }));
    const expected = await computeOn("cpu", () => ({
      ...consistencyLoss(toTensor(only(first)), toTensor(only(second)), allOf(3), SCALE),
    }));
    for (const backend of BACKENDS) {
      expect(all[backend].loss?.[0]).toBeCloseTo(expected.loss?.[0] ?? NaN, 5);
      for (const side of ["dFirst", "dSecond"] as const) {
        expectNear(
          Float32Array.from(rowsOf(all[backend][side], kept)),
          expected[side] ?? new Float32Array(0),
          1e-5,
          side,
        );
        expect(rowsOf(all[backend][side], left).every((value) => value === 0)).toBe(true);
      }
    }
  });
});
