import { describe, expect, it } from "vitest";
import { frozenParts, layersBelow, prefixesBelow, prefixesOf, toggled } from "../../src/recipe/frozen-prefixes.ts";

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

  it("are shown as parts, and toggled one by one", () => {
    expect([...frozenParts(["encoder.", "pooler."], 2)]).toEqual(["encoder.layer.0.", "encoder.layer.1."]);
    expect([...frozenParts(["bert.embeddings."], 2)]).toEqual(["embeddings."]);
    const spelled = ["distilbert.transformer.layer.0.", "model.layers.0.", "layers.0.", "roberta.encoder.layer.0."];
    for (const prefix of spelled) expect([...frozenParts([prefix], 2)]).toEqual(["encoder.layer.0."]);
    for (const prefix of ["transformer.layer.", "model.layers."]) expect(frozenParts([prefix], 2).size).toBe(2);
    expect(toggled([], "encoder.layer.1.", 2)).toEqual(["encoder.layer.1."]);
    expect(toggled(["encoder.", "pooler."], "encoder.layer.1.", 2)).toEqual(["encoder.layer.0.", "pooler."]);
    expect(toggled(["encoder.layer.1."], "encoder.layer.1.", 2)).toEqual([]);
    // A layer of two digits is not the layer that its name begins with.
    expect([...frozenParts(["encoder.layer.1."], 12)]).toEqual(["encoder.layer.1."]);
  });
});
