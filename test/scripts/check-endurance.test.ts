import { describe, expect, it } from "vitest";
import { growth } from "../../scripts/check-endurance.mjs";

const held = { step: 2000, tensors: 300, bytes: 4e6, heap: 60e6, events: 2000, lengths: 59 };
const later = { ...held, step: 20_000, events: 20_000 };

describe("growth", () => {
  it("lets a run keep its events, and nothing else", () => {
    expect(growth({ backend: "wasm", held: [held, { ...later, heap: 70e6 }] })).toEqual([]);
  });

  it.each([{ tensors: 301 }, { bytes: 5e6 }, { heap: 80e6 }])("names what grows: %o", (changed) => {
    expect(growth({ backend: "webgpu", held: [held, { ...later, ...changed }] })).toHaveLength(1);
  });

  it("wants every length of batch in the first half", () => {
    const half = { ...held, step: 10_000, events: 10_000 };
    const early = { ...held, lengths: 40 };
    expect(growth({ backend: "webgpu", held: [early, half, later] })).toEqual([]);
    const found = growth({ backend: "webgpu", held: [early, { ...half, lengths: 58 }, later] });
    expect(found).toEqual(["webgpu: batches of 58 lengths in the first half, of 59 in all"]);
  });

  it("takes a run without measurements for a failure", () => {
    expect(growth({ backend: "wasm", held: [] })).toEqual(["wasm: nothing was measured"]);
  });
});
