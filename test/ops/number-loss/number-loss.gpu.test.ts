import { beforeAll, describe, it } from "vitest";
import { numberLoss } from "../../../src/ops/number-loss/number-loss.ts";
import reference from "../../reference/losses.json" with { type: "json" };
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectNear, expectSameBits, randomValues, toCapacity, type Values } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const cases = [1, 7, 131].flatMap((rows) => [
  { name: `squared error, rows: ${rows}`, rows, delta: 0 },
  { name: `Huber, rows: ${rows}`, rows, delta: 1 },
]);
const one = { shape: [1], values: Float32Array.of(1) };

function compute(outputs: Values, targets: Values, delta: number, spare = 0) {
  const numbers = outputs.values.length;
  const [own, goals] = [outputs, targets].map((values) => toCapacity(values, numbers + spare)) as [Held, Held];
  return numberLoss(own, goals, { numbers, delta, denominator: numbers });
}
type Held = ReturnType<typeof toCapacity>;

describe("number loss", () => {
  it.each(cases)("agrees on every backend, and with differences: $name", async ({ rows, delta }) => {
    const [outputs, targets] = [randomValues([rows, 1], 1, 2), randomValues([rows, 1], 2, 2)];
    const all = await computeOnAll(() => ({ ...compute(outputs, targets, delta) }));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => ({ ...compute(outputs, targets, delta, 9) })), all.webgpu);
    // The loss is a mean, its gradient the smaller the more rows there are: without a scale it would pass as zero.
    const scaled = all.webgpu.dOutputs?.map((value) => value * rows);
    const loss = () => rows * weightedSum(() => compute(outputs, targets, delta).loss, one);
    await expectGradient(scaled, outputs, loss, "dOutputs");
  });

  it.each([{ ...reference.squared, delta: 0 }, ...reference.huber])(
    "is PyTorch's, loss and gradient, at a delta of $delta",
    async (entry) => {
      const valuesOf = (values: number[]) => ({ shape: [values.length, 1], values: Float32Array.from(values) });
      const [outputs, targets] = [valuesOf(entry.outputs), valuesOf(entry.targets)];
      const all = await computeOnAll(() => ({ ...compute(outputs, targets, entry.delta) }));
      for (const backend of BACKENDS) {
        expectNear(all[backend].loss, Float32Array.of(entry.loss), 1e-6, `loss on ${backend}`);
        expectNear(all[backend].dOutputs, Float32Array.from(entry.gradient), 1e-6, `dOutputs on ${backend}`);
      }
    },
  );
});
