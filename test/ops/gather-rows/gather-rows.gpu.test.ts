import { beforeAll, describe, expect, it } from "vitest";
import { gatherRows, gatherRowsGradient, uploadPlaces } from "../../../src/ops/gather-rows/gather-rows.ts";
import { computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectSameBits, randomValues, toCapacity, type Values } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "the only token", tokens: 1, places: [0], hidden: 4 },
  { name: "some tokens, not in order", tokens: 9, places: [7, 0, 3], hidden: 8 },
  { name: "an odd hidden size", tokens: 6, places: [1, 5], hidden: 7 },
  { name: "every token", tokens: 5, places: [0, 1, 2, 3, 4], hidden: 4 },
  { name: "more than a workgroup", tokens: 300, places: Array.from({ length: 150 }, (_, i) => 2 * i + 1), hidden: 12 },
];

function bothWays(places: number[], tokens: number, x: Values, dy: Values, spare: number) {
  const room = { tokens: tokens + spare, places: places.length + spare };
  const uploaded = uploadPlaces(Int32Array.from(places), room.tokens, room.places);
  return {
    y: gatherRows(toCapacity(x, room.tokens), uploaded),
    dx: gatherRowsGradient(toCapacity(dy, room.places), uploaded, tokens),
  };
}

describe("gather rows", () => {
  it.each(shapes)("takes the rows of the places, forth and back: $name", async ({ tokens, places, hidden }) => {
    const x = randomValues([tokens, hidden], 1);
    const dy = randomValues([places.length, hidden], 2);
    const all = await computeOnAll(() => bothWays(places, tokens, x, dy, 0));
    expectAgreement(all, 1e-7);
    expectSameBits(await computeOn("webgpu", () => bothWays(places, tokens, x, dy, 5)), all.webgpu);
    places.forEach((token, place) => {
      const own = x.values.subarray(token * hidden, (token + 1) * hidden);
      expect(all.webgpu.y?.subarray(place * hidden, (place + 1) * hidden)).toEqual(own);
    });
    await expectGradient(all.webgpu.dx, x, () => weightedSum(() => bothWays(places, tokens, x, dy, 0).y, dy), "dx");
  });

  it("does not take more places than there is room for", () => {
    expect(() => uploadPlaces(Int32Array.of(1, 2, 3), 8, 2)).toThrow("do not fit");
  });
});
