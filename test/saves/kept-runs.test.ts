import { describe, expect, it } from "vitest";
import { bytesSource, readAll } from "../../src/io/byte-source.ts";
import { KeptRuns } from "../../src/saves/kept-runs.ts";
import { hashOf } from "../../src/saves/save-file.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { MemoryStore } from "./memory-store.ts";

const fileOf = (name: string, bytes: number, fill: number) => bytesSource(name, new Uint8Array(bytes).fill(fill));
const rows = fileOf("rows.csv", 100, 1);
const model = fileOf("model.safetensors", 9_000_000, 2);

/** Two runs on the same model, the first with rows of its own; the second is saved later. */
async function twoRuns() {
  const store = new MemoryStore();
  const runs = new KeptRuns(store);
  await runs.keepFile("one", rows);
  const hash = await runs.keepFile("one", model);
  await runs.keepFile("two", bytesSource("again.safetensors", await readAll(model)));
  for (const [id, savedAt] of [
    ["one", 1],
    ["two", 2],
  ] as const) {
    await runs.saves(id).save({ id }, { savedAt, step: 3, steps: 9, names: { data: id, model: "bert" } });
  }
  return { store, runs, hash };
}

describe("runs that are kept", () => {
  it("have a file once that several need, and give it back by its hash with its name", async () => {
    const { store, runs, hash } = await twoRuns();
    expect(store.paths.filter((path) => path.startsWith("contents/"))).toHaveLength(2);
    const back = await runs.openFile(hash, "model.safetensors");
    expect([back.name, back.size, await hashOf(back)]).toEqual(["model.safetensors", model.size, hash]);
  });

  it("are listed with their sizes, saved last first", async () => {
    const { store, runs } = await twoRuns();
    const [two, one] = await runs.list();
    expect([two?.id, two?.facts?.names?.data, one?.id, one?.facts?.step]).toEqual(["two", "two", "one", 3]);
    const saved = store.folder("saves/one").files.get("save-000001.bin")?.length ?? NaN;
    expect([one?.bytes, one?.ownBytes]).toEqual([saved + rows.size + model.size, saved + rows.size]);
    await runs.keepFile("three", rows);
    expect((await runs.list()).map(({ id, facts }) => [id, facts?.savedAt])).toEqual([
      ["two", 2],
      ["one", 1],
      ["three", undefined],
    ]);
  });

  it("go with the files that no other needs", async () => {
    const { store, runs, hash } = await twoRuns();
    await runs.remove("one");
    expect(store.paths).toEqual([`contents/${hash}`, `saves/two/${hash}.file`, "saves/two/save-000001.bin"]);
    await runs.remove("two");
    expect(store.paths).toEqual([]);
    expect(await runs.list()).toEqual([]);
  });

  it("go all at once, and so does what a removal left that was cut off", async () => {
    const { store, runs } = await twoRuns();
    await store.removeFolder("saves/one");
    await runs.forgetUnused();
    expect(store.paths).toHaveLength(3);
    await runs.removeAll();
    expect(store.paths).toEqual([]);
  });

  it("write a file again that was cut or changed, and refuse it until then", async () => {
    const { store, runs, hash } = await twoRuns();
    const files = store.folder("contents").files;
    const whole = files.get(hash) ?? new Uint8Array();
    for (const damaged of [whole.slice(0, 5_000_000), whole.with(8_999_999, 7), null]) {
      if (damaged) files.set(hash, damaged);
      else files.delete(hash);
      const { found } = await thrownBy(runs.openFile(hash, "model.safetensors"));
      expect(found).toBe("The file model.safetensors in memory is missing or has changed.");
      await runs.keepFile("two", model);
      expect(Buffer.compare(files.get(hash) ?? new Uint8Array(), whole)).toBe(0);
    }
  });

  it("are as before where there is no room for a file, whichever write fails", async () => {
    const { store, runs } = await twoRuns();
    const before = store.paths;
    const large = fileOf("large.safetensors", 9_000_001, 5);
    for (let pieces = 0; pieces < 4; pieces++) {
      store.folder("contents").piecesLeft = pieces;
      const problem = await thrownBy(runs.keepFile("two", large));
      expect(problem.found).toBe(
        "The file large.safetensors could not be saved in memory: there is no room left for 9.0 MB.",
      );
      expect(problem.remedy).toContain("Remove runs that were kept");
      expect(store.paths).toEqual(before);
    }
  });

  it("have names that are no paths", () => {
    const runs = new KeptRuns(new MemoryStore());
    for (const id of ["", "..", "a/b", "a.b"]) expect(() => runs.saves(id)).toThrow("is no name of a run");
  });
});
