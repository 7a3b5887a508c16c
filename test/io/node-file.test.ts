import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSource } from "../../src/io/node-file.ts";
import { thrownBy } from "./thrown-by.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tabtune-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("fileSource", () => {
  it("reads any part of a file", async () => {
    writeFileSync(join(folder, "x.bin"), Uint8Array.from([0, 1, 2, 3, 4, 5]));
    const source = await fileSource(join(folder, "x.bin"));
    expect(source).toMatchObject({ name: "x.bin", size: 6 });
    expect([...(await source.slice(2, 5))]).toEqual([2, 3, 4]);
    expect([...(await source.slice(0, 6))]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...(await source.slice(6, 6))]).toEqual([]);
  });

  it("says of a path that it leads nowhere, or to a folder", async () => {
    const missing = await thrownBy(fileSource(join(folder, "missing.csv")));
    expect(missing.found).toContain("missing.csv could not be read");
    expect(missing.details).toContain("ENOENT");
    expect((await thrownBy(fileSource(folder))).details).toBe("not a file");
  });

  it("does not wait for ever for a file that has shrunk", async () => {
    writeFileSync(join(folder, "y.bin"), new Uint8Array(10));
    const source = await fileSource(join(folder, "y.bin"));
    truncateSync(join(folder, "y.bin"), 4);
    expect((await thrownBy(source.slice(0, 10))).details).toBe("ended at byte 4 of 10");
  });
});
