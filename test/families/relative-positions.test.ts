import { describe, expect, it } from "vitest";
import { bucketOf } from "../../src/families/mpnet/buckets.ts";
import tables from "../reference/families/relative_positions.json" with { type: "json" };

describe("buckets of distances", () => {
  it("are PyTorch's for MPNet, where float32 decides at the edges", () => {
    const [table] = tables.filter(({ family }) => family === "mpnet");
    if (!table) throw new Error("relative_positions.json has no table for MPNet.");
    // The table counts from the query to the key.
    const own = table.buckets.map((_, i) => bucketOf(-(table.first_distance + i)));
    expect(own).toEqual(table.buckets);
  });
});
