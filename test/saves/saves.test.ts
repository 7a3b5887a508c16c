import { describe, expect, it } from "vitest";
import { Saves } from "../../src/saves/saves.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { MemoryFolder } from "./memory-folder.ts";

const stateOf = (step: number) => ({
  step,
  weights: Float32Array.from({ length: 40 }, (_, i) => i + step),
  best: -Infinity,
});
const factsOf = (step: number) => ({ savedAt: 1000 * step, step, steps: 9 });
const nameOf = (number: number) => `save-${String(number).padStart(6, "0")}.bin`;

/** A folder with saves of these steps, one after another. */
async function saved(...steps: number[]) {
  const folder = new MemoryFolder();
  const saves = new Saves(folder);
  for (const step of steps) await saves.save(stateOf(step), factsOf(step));
  return { folder, saves };
}

describe("the saves of a run", () => {
  it("give back the newest state, and are two", async () => {
    const { folder, saves } = await saved(1, 2, 3, 4);
    expect([...folder.files.keys()].sort()).toEqual([nameOf(3), nameOf(4)]);
    expect(await saves.latest()).toEqual({ state: stateOf(4), facts: factsOf(4), damaged: [] });
    expect(await saves.facts()).toEqual(factsOf(4));
    await saves.clear();
    expect([...folder.files.keys()]).toEqual([]);
    expect(await saves.latest()).toBeNull();
  });

  it("take the one before where the newest was changed at any byte", async () => {
    const { folder, saves } = await saved(1, 2);
    const whole = folder.files.get(nameOf(2)) ?? new Uint8Array();
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      folder.files.set(nameOf(2), changed);
      expect(await saves.latest(), `byte ${at}`).toMatchObject({ facts: factsOf(1), damaged: [nameOf(2)] });
    }
  });

  it("take the one before where the newest was cut anywhere, or went on", async () => {
    const { folder, saves } = await saved(1, 2);
    const whole = folder.files.get(nameOf(2)) ?? new Uint8Array();
    for (let length = 0; length < whole.length; length++) {
      folder.files.set(nameOf(2), whole.slice(0, length));
      expect((await saves.latest())?.facts, `${length} bytes`).toEqual(factsOf(1));
    }
    folder.files.set(nameOf(2), new Uint8Array([...whole, 0]));
    expect((await saves.latest())?.facts).toEqual(factsOf(1));
  });

  it("are as before where a write fails, whichever it is", async () => {
    const { folder, saves } = await saved(1, 2);
    const before = new Map(folder.files);
    for (let pieces = 0; pieces < 5; pieces++) {
      folder.piecesLeft = pieces;
      const problem = await thrownBy(saves.save(stateOf(3), factsOf(3)));
      expect(problem.found).toBe("The run could not be saved in memory: there is no room left for 0.0 MB.");
      expect(new Map(folder.files)).toEqual(before);
    }
    folder.failure = new Error("the disk was taken out");
    folder.piecesLeft = 2;
    expect((await thrownBy(saves.save(stateOf(3), factsOf(3)))).found).toContain("the disk was taken out");
    folder.piecesLeft = Infinity;
    await saves.save(stateOf(3), factsOf(3));
    expect((await saves.latest())?.facts).toEqual(factsOf(3));
  });

  it("are as before where what is read back is not what was written", async () => {
    const { folder, saves } = await saved(1);
    const open = folder.open.bind(folder);
    folder.open = async (name) => {
      const source = await open(name);
      const slice = async (start: number, end: number) => (await source.slice(start, end)).fill(7, 0, 1);
      return name === nameOf(2) ? { ...source, slice } : source;
    };
    expect((await thrownBy(saves.save(stateOf(2), factsOf(2)))).found).toContain("differs from what was written");
    expect((await saves.latest())?.facts).toEqual(factsOf(1));
  });

  it("go on counting after a damaged one", async () => {
    const { folder, saves } = await saved(1, 2);
    folder.files.set(nameOf(2), new Uint8Array(5));
    await saves.save(stateOf(3), factsOf(3));
    expect([...folder.files.keys()].sort(), "a damaged one is none of the two").toEqual([nameOf(1), nameOf(3)]);
    expect((await saves.latest())?.facts).toEqual(factsOf(3));
    const changed = folder.files.get(nameOf(3)) ?? new Uint8Array();
    folder.files.set(nameOf(3), changed.with(250, 1 ^ (changed[250] ?? 0)));
    await new Saves(folder).save(stateOf(4), factsOf(4));
    expect([...folder.files.keys()].sort(), "as little as one that was changed").toEqual([nameOf(1), nameOf(4)]);
  });

  it("are as before where the state cannot be read, and that is the error", async () => {
    const { folder, saves } = await saved(1);
    const before = new Map(folder.files);
    const gone = new Error("the GPU is gone");
    const pieces = function* () {
      yield new Float32Array(1);
      throw gone;
    };
    await expect(saves.save({ weights: { kind: "lazy", length: 9, pieces } }, factsOf(2))).rejects.toBe(gone);
    expect(new Map(folder.files)).toEqual(before);
  });

  it("take the one before where the newest cannot be read, and say so where there is none", async () => {
    const { folder, saves } = await saved(1, 2);
    const open = folder.open.bind(folder);
    folder.open = async (name) => {
      if (name === nameOf(2)) throw new Error("the disk does not answer");
      return open(name);
    };
    expect(await saves.latest()).toMatchObject({ facts: factsOf(1), damaged: [nameOf(2)] });
    await folder.remove(nameOf(1));
    await expect(saves.latest()).rejects.toThrow("the disk does not answer");
  });

  it("keep names for a list, and facts that are none are not shown", async () => {
    const { folder, saves } = await saved(1);
    const facts = { ...factsOf(2), names: { data: "rows.csv", model: "bert" } };
    await saves.save(stateOf(2), facts);
    expect(await saves.facts()).toEqual(facts);
    const text = Buffer.from(folder.files.get(nameOf(2)) ?? []).toString("latin1");
    folder.files.set(nameOf(2), Uint8Array.from(Buffer.from(text.replace('"savedAt"', '"savedAs"'), "latin1")));
    expect(await saves.facts()).toEqual(factsOf(1));
  });
});
