import { expect, it } from "vitest";
import { sampleRows } from "../../bench/sample-rows.ts";
import { openTable } from "../../src/data/table.ts";
import { bytesSource } from "../../src/io/byte-source.ts";

it("repeats the sample's rows as often as needed, no two the same", async () => {
  const bytes = new TextEncoder().encode(sampleRows(12_000));
  const { rows, columns } = await openTable(bytesSource("rows.csv", bytes));
  expect(columns).toEqual(["label", "text"]);
  expect(rows).toHaveLength(12_000);
  const [first, second, third] = [rows[7]?.[1], rows[5574 + 7]?.[1], rows[2 * 5574 + 7]?.[1]];
  expect(second).toBe(`1 ${first}`);
  expect(third).toBe(`2 ${first}`);
  expect(new Set(rows.map(([label]) => label))).toEqual(new Set(["ham", "spam"]));
});
