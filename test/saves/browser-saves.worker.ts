import { bytesSource } from "../../src/io/byte-source.ts";
import {
  browserFolder,
  browserFolders,
  removeBrowserFolder,
  whyNothingIsKept,
} from "../../src/saves/browser-folder.ts";
import { browserStore, storageRoom } from "../../src/saves/browser-storage.ts";
import { KeptRuns } from "../../src/saves/kept-runs.ts";
import { Saves } from "../../src/saves/saves.ts";
import { Problem } from "../../src/problem/problem.ts";

const PATH = "test-saves/run";
const folder = browserFolder(PATH);
const saves = new Saves(folder);
const runs = new KeptRuns(browserStore);
const own = Object.getOwnPropertyDescriptors(FileSystemSyncAccessHandle.prototype);

const fileHandle = async (name: string) => {
  const root = await navigator.storage.getDirectory();
  const outer = await root.getDirectoryHandle("test-saves");
  return (await outer.getDirectoryHandle("run")).getFileHandle(name);
};

/** Numbers of a size that several pieces of a file hold. */
const stateOf = (step: number, numbers = 1_500_000) => ({
  step,
  best: -Infinity,
  weights: Float32Array.from({ length: numbers }, (_, index) => index + step),
});

const calls = {
  why: () => whyNothingIsKept(),
  async save(step: number, numbers?: number) {
    try {
      return await saves.save(stateOf(step, numbers), { savedAt: step, step, steps: 9 });
    } catch (error) {
      return error instanceof Problem ? error.found : String(error);
    }
  },
  /** Begins a save that never ends, and answers while its file is open. */
  async saveForever() {
    const forever = {
      kind: "lazy",
      length: 2_000_000,
      pieces: async function* () {
        yield new Float32Array(1_900_000);
        self.postMessage("begun");
        await new Promise(() => undefined);
      },
    };
    await saves.save(forever, { savedAt: 0, step: 0, steps: 9 });
  },
  async latest() {
    const found = await saves.latest();
    if (!found) return null;
    const { step, best, weights } = found.state as ReturnType<typeof stateOf>;
    const isRight = best === -Infinity && weights.every((weight, index) => weight === Math.fround(index + step));
    return { step: isRight ? step : NaN, damaged: found.damaged };
  },
  files: async () => (await folder.list()).map(({ name }) => name).sort(),
  /** Lets the n-th call of a method fail, as a full disk does; until `failNoMore`. */
  async failAt(method: "write" | "flush", nth: number) {
    let left = nth;
    const { value: real } = own[method] as { value: (...given: unknown[]) => unknown };
    const failing = function (this: FileSystemSyncAccessHandle, ...given: unknown[]): unknown {
      if (--left <= 0) throw new DOMException("no room", "QuotaExceededError");
      return Reflect.apply(real, this, given);
    };
    Object.defineProperty(FileSystemSyncAccessHandle.prototype, method, { ...own[method], value: failing });
  },
  async failNoMore() {
    Object.defineProperties(FileSystemSyncAccessHandle.prototype, own);
  },
  /** Changes one byte of a file. */
  async damage(name: string, place: number) {
    const handle = await (await fileHandle(name)).createSyncAccessHandle();
    const byte = new Uint8Array(1);
    handle.read(byte, { at: place });
    byte[0] = (byte[0] ?? 0) ^ 1;
    handle.write(byte, { at: place });
    handle.close();
  },
  async cut(name: string, bytes: number) {
    const handle = await (await fileHandle(name)).createSyncAccessHandle();
    handle.truncate(bytes);
    handle.close();
  },
  /** Keeps a run that needs a file of this length. */
  async keep(id: string, bytes: number) {
    await runs.keepFile(id, bytesSource("rows.csv", new Uint8Array(bytes).fill(5)));
    return runs.saves(id).save(stateOf(1, 100), { savedAt: 1, step: 1, steps: 9 });
  },
  runs: async () => (await runs.list()).map(({ id, ownBytes }) => ({ id, ownBytes })),
  remove: (id: string) => runs.remove(id),
  room: () => storageRoom(),
  async clear() {
    await runs.removeAll();
    await removeBrowserFolder("test-saves");
    return browserFolders("");
  },
};
export type Calls = typeof calls;
const callable: { [Name in keyof Calls]: (this: void, ...given: never[]) => Promise<unknown> } = calls;

self.onmessage = async ({ data: [name, ...given] }: MessageEvent<[keyof Calls, ...never[]]>) => {
  self.postMessage({ result: await callable[name](...given) });
};
