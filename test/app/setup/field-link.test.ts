import { describe, expect, it } from "vitest";
import { fieldLinkOf } from "../../../src/app/setup/field-link.ts";

describe("fieldLinkOf", () => {
  it("takes a field of the recipe, and nothing else, from the address", () => {
    expect(fieldLinkOf("#recipe.learningRate")).toEqual({ field: "learningRate" });
    expect(fieldLinkOf("#recipe.rowsPerStep")).toEqual({ field: "batchSize" });
    for (const hash of ["", "#", "#recipe", "#recipe.", "#recipe.rate", "#recipe.toString", "#learningRate"]) {
      expect(fieldLinkOf(hash), hash).toBeNull();
    }
  });

  it("makes a new link each time, so that a second click counts", () => {
    expect(fieldLinkOf("#recipe.seed")).not.toBe(fieldLinkOf("#recipe.seed"));
  });
});
