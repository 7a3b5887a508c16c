import { describe, expect, it } from "vitest";
import { bucketOf } from "../../src/families/mpnet/buckets.ts";
import { rowOf } from "../../src/families/deberta-v2/buckets.ts";
import tables from "../reference/families/relative_positions.json" with { type: "json" };

describe("buckets of distances", () => {
  it("are PyTorch's for MPNet, where float32 decides at the edges", () => {
    const [table] = tables.filter(({ family }) => family === "mpnet");
    if (!table) throw new Error("relative_positions.json has no table for MPNet.");
    // The table counts from the query to the key.
    const own = table.buckets.map((_, i) => bucketOf(-(table.first_distance + i)));
    expect(own).toEqual(table.buckets);
  });

  it("are PyTorch's for DeBERTa-v2", () => {
    const all = tables.filter(({ family }) => family === "deberta-v2");
    expect(all).toHaveLength(2);
    for (const { position_buckets: buckets = 0, max_relative_positions: most = 0, ...table } of all) {
      const own = table.buckets.map((_, i) => rowOf(table.first_distance + i, { buckets, most }));
      expect(own).toEqual(table.rows_of_rel_embeddings);
    }
  });
});
