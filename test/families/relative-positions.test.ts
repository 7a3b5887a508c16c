import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../src/cli/parity/reference-file.ts";
import { bucketOf } from "../../src/families/mpnet/buckets.ts";
import { rowOf } from "../../src/families/deberta-v2/buckets.ts";

interface Table {
  family: string;
  position_buckets?: number;
  max_relative_positions?: number;
  first_distance: number;
  buckets: number[];
  rows_of_rel_embeddings?: number[];
}

const path = fileURLToPath(new URL("../reference/families/relative_positions.json", import.meta.url));
const tables = (await referenceJson(path)) as Table[];

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
