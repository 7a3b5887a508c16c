import { beforeAll, describe, it } from "vitest";
import { addSquares, pullByImportance } from "../../../src/ops/importance/importance.ts";
import { BACKENDS, computeOnAll, startBackends } from "../backends.ts";
import { expectAgreement, randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [[1], [64], [5, 13], [1000]];

describe("addSquares", () => {
  it.each(shapes)("adds a share of the squares in place on every backend: shape %j, %j", async (...shape) => {
    const sizes = shape.filter((size) => size !== undefined);
    const [sum, x, more] = [randomValues(sizes, 1), randomValues(sizes, 2), randomValues(sizes, 3)];
    const all = await computeOnAll(() => {
      const total = toTensor(sum);
      addSquares([{ sum: total, x: toTensor(x) }], 0.25);
      addSquares([{ sum: total, x: toTensor(more) }], 0.5);
      return { total };
    });
    const total = sum.values.map((v, i) => v + 0.25 * (x.values[i] ?? NaN) ** 2 + 0.5 * (more.values[i] ?? NaN) ** 2);
    for (const backend of BACKENDS) expectAgreement({ ...all, [backend]: { total } }, 1e-6);
  });
});

describe("pullByImportance", () => {
  it.each(shapes)("adds what leads back to the start on every backend: shape %j, %j", async (...shape) => {
    const sizes = shape.filter((size) => size !== undefined);
    const [gradient, weight] = [randomValues(sizes, 1), randomValues(sizes, 2)];
    const [start, importance] = [randomValues(sizes, 3), randomValues(sizes, 4)];
    const all = await computeOnAll(() => {
      const sum = toTensor(gradient);
      const pull = { weight: toTensor(weight), start: toTensor(start), importance: toTensor(importance) };
      pullByImportance([{ gradient: sum, ...pull }], 3);
      return { sum };
    });
    const sum = gradient.values.map(
      (value, i) => value + 3 * (importance.values[i] ?? NaN) * ((weight.values[i] ?? NaN) - (start.values[i] ?? NaN)),
    );
    for (const backend of BACKENDS) expectAgreement({ ...all, [backend]: { sum } }, 1e-6);
  });
});
