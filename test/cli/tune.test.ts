import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tuningTable } from "../../src/cli/tune.ts";
import { fileTuningStore } from "../../src/cli/tune.ts";

const folder = mkdtempSync(join(tmpdir(), "tabtune-tuning-"));

describe("fileTuningStore", () => {
  it("keeps what was measured on each adapter", async () => {
    const path = join(folder, "new", "tuning.json");
    const store = fileTuningStore(path);
    expect(await store.read("a")).toBeUndefined();
    await store.write("a", { speeds: [1] });
    await store.write("b", { speeds: [2] });
    expect([await store.read("a"), await fileTuningStore(path).read("b")]).toEqual([{ speeds: [1] }, { speeds: [2] }]);
    expect(Object.keys(JSON.parse(readFileSync(path, "utf8")) as object)).toEqual(["a", "b"]);
  });

  it("starts anew from a file that is no JSON, and goes on where none can be written", async () => {
    const path = join(folder, "broken.json");
    writeFileSync(path, "{");
    expect(await fileTuningStore(path).read("a")).toBeUndefined();
    await expect(fileTuningStore(join(path, "below", "a-file.json")).write("a", {})).resolves.toBeUndefined();
  });
});

describe("tuningTable", () => {
  it("has a line a tile, and a dash where a product was not measured", () => {
    const table = tuningTable([
      { tile: "quad 16×8", product: "FORWARD", size: "large", gflops: 5.62 },
      { tile: "direct 8×16", product: "FORWARD", size: "large", gflops: 3 },
      { tile: "quad 16×8", product: "WEIGHT_GRADIENT", size: "large", gflops: 4.5 },
    ]);
    expect(table.split("\n").map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ["x·wᵀ", "dy·w", "dyᵀ·x"],
      ["quad 16×8", "5.62", "–", "4.50"],
      ["direct 8×16", "3.00", "–", "–"],
    ]);
  });
});
