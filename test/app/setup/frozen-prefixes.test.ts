import { describe, expect, it } from "vitest";
import { layersBelow, prefixesBelow, prefixesOf } from "../../../src/app/setup/frozen-prefixes.ts";

describe("frozen prefixes", () => {
  it("go from a number of layers to names and back", () => {
    expect(prefixesBelow(2)).toEqual(["embeddings.", "encoder.layer.0.", "encoder.layer.1."]);
    for (const layers of [-1, 0, 1, 12]) expect(layersBelow(prefixesBelow(layers))).toBe(layers);
  });

  it("of another form have no number", () => {
    expect(layersBelow(["encoder.layer.3."])).toBeNull();
    expect(layersBelow(["embeddings.", "encoder.layer.1."])).toBeNull();
  });

  it("are read from a line", () => {
    expect(prefixesOf(" embeddings., encoder.layer.0. ,,")).toEqual(["embeddings.", "encoder.layer.0."]);
  });
});
