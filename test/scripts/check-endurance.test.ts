import { describe, expect, it } from "vitest";
import { growth } from "../../scripts/check-endurance.mjs";

const held = { step: 2000, tensors: 300, bytes: 4e6, heap: 60e6, events: 4000 };
const later = { ...held, step: 20_000, events: 40_000 };

describe("growth", () => {
  it("lets a run keep its events, and nothing else", () => {
    expect(growth({ backend: "wasm", held: [held, { ...later, heap: 80e6 }] })).toEqual([]);
  });

  it.each([{ tensors: 301 }, { bytes: 5e6 }, { heap: 400e6 }])("names what grows: %o", (changed) => {
    expect(growth({ backend: "webgpu", held: [held, { ...later, ...changed }] })).toHaveLength(1);
  });

  it("takes a run without measurements for a failure", () => {
    expect(growth({ backend: "wasm", held: [] })).toEqual(["wasm: nothing was measured"]);
  });
});
