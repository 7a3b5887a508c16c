import { expect, it } from "vitest";
import { sampleRows } from "../../bench/sections/growth/first-step.ts";
import { openTable } from "../../src/data/table.ts";
import { bytesSource } from "../../src/io/byte-source.ts";

it("repeats the sample's rows as often as needed, no two the same", async () => {
  const bytes = new TextEncoder().encode(sampleRows(12_000));
  const { columns, cells, rowCount } = await openTable(bytesSource("rows.csv", bytes));
  expect(columns).toEqual(["label", "text"]);
  expect(rowCount).toBe(12_000);
  const [first, second, third] = [7, 5574 + 7, 2 * 5574 + 7].map((row) => cells[1]?.at(row));
  expect(second).toBe(`1 ${first}`);
  expect(third).toBe(`2 ${first}`);
  expect(new Set(Array.from({ length: rowCount }, (_, row) => cells[0]?.at(row)))).toEqual(new Set(["ham", "spam"]));
});
