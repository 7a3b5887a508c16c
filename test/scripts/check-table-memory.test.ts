import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaint } from "../../scripts/check-table-memory.mjs";
import { parquetBomb, sharedTextBomb } from "../../scripts/test/oversized-files.mjs";
import { fileSource } from "../../src/io/node-file.ts";
import { readTable } from "../../src/io/read-table.ts";
import { thrownBy } from "../io/thrown-by.ts";

describe("check-table-memory", () => {
  const table = { name: "table", code: 0, peak: 800e6, decoded: 200e6, isTable: true };

  it("allows 300 MB and three times a table that is read, and 300 MB for a file that is refused", () => {
    expect(complaint(table)).toBeNull();
    expect(complaint({ ...table, peak: 901e6 })).toContain("901 MB at the peak; the limit is 900 MB");
    expect(complaint({ ...table, isTable: false, code: 2, peak: 299e6 })).toBeNull();
    expect(complaint({ ...table, isTable: false, code: 2 })).toContain("the limit is 300 MB");
  });

  it("wants a table read, a bomb refused, and the peak measured", () => {
    expect(complaint({ ...table, code: 2 })).toContain("exit code 2");
    expect(complaint({ ...table, isTable: false, peak: 1 })).toContain("exit code 0");
    expect(complaint({ ...table, peak: 0 })).not.toBeNull();
  });
});

describe("one text that a million rows name", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tabtune-bomb-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each<[string, (folder: string) => string | Promise<string>]>([
    ["Parquet", parquetBomb],
    ["a workbook", sharedTextBomb],
  ])("in %s is refused", async (_, make) => {
    const problem = await thrownBy(readTable(await fileSource(await make(folder))));
    expect(problem.found).toContain("unpacks to far more bytes than a table has");
  });

  it("in Parquet is refused before it is decoded where there are far more rows than bytes", async () => {
    const problem = await thrownBy(readTable(await fileSource(parquetBomb(folder, 40_000_000))));
    expect(problem.details).toContain("its pages state more values than a file of its size has");
  });
});
