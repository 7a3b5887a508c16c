import type { ByteSource } from "../io/byte-source.ts";
import { Contents } from "./contents.ts";
import { hashOf, type SaveFacts } from "./save-file.ts";
import type { SaveFolder } from "./save-folder.ts";
import { Saves } from "./saves.ts";

/** Where runs and their files are kept: `saves/RUN-ID/`, and `contents/HASH` for what several may need. */
export interface RunStore {
  folder(path: string): SaveFolder;
  /** Names of the folders in a folder. */
  folders(path: string): Promise<string[]>;
  /** Removes a folder with all that it holds; nothing happens where there is none. */
  removeFolder(path: string): Promise<void>;
  /** Does work that no other tab does at the same time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** A run that is kept, for a list of them. */
interface KeptRun {
  id: string;
  /** Null before its first save. */
  facts: SaveFacts | null;
  /** Bytes of its saves and of all files that it needs. */
  bytes: number;
  /** What is free once it is removed: other runs may need some of its files. */
  ownBytes: number;
}

const RUNS = "saves";
const CONTENTS = "contents";
/** An empty file `HASH.file` in the folder of a run says that the run needs this file: a name cannot be damaged. */
const NEEDED = /^([0-9a-f]{64})\.file$/;

/** Runs of the browser that can go on after a reload, and the files that they need. */
export class KeptRuns {
  private readonly contents: Contents;

  constructor(private readonly store: RunStore) {
    this.contents = new Contents(store.folder(CONTENTS));
  }

  /** The folder of a run, for what belongs to it alone. */
  folder(id: string): SaveFolder {
    if (!/^[\w-]+$/.test(id)) throw new Error(`“${id}” is no name of a run`);
    return this.store.folder(`${RUNS}/${id}`);
  }

  saves(id: string): Saves {
    return new Saves(this.folder(id));
  }

  /**
   * Keeps a file that a run needs, until no run needs it any more; returns its hash.
   *
   * @throws Problem where there is no room: the run then needs it no longer
   */
  async keepFile(id: string, source: ByteSource): Promise<string> {
    const hash = await hashOf(source);
    const folder = this.folder(id);
    await this.store.alone(async () => {
      await folder.write(`${hash}.file`, nothing());
      try {
        await this.contents.keep(hash, source);
      } catch (error) {
        await folder.remove(`${hash}.file`);
        throw error;
      }
    });
    return hash;
  }

  /** A file that was kept, with the name that it had. Throws a Problem where it is missing or has changed. */
  openFile(hash: string, name: string): Promise<ByteSource> {
    return this.contents.open(hash, name);
  }

  /** The runs, saved last first. */
  async list(): Promise<KeptRun[]> {
    const sizes = await this.contents.sizes();
    const needed = await this.needed();
    const users = new Map<string, number>();
    for (const hash of [...needed.values()].flat()) users.set(hash, (users.get(hash) ?? 0) + 1);
    const runs: KeptRun[] = [];
    for (const [id, hashes] of needed) {
      const bytesOf = (some: string[]) => some.reduce((sum, hash) => sum + (sizes.get(hash) ?? 0), 0);
      const saved = (await this.folder(id).list()).reduce((sum, { bytes }) => sum + bytes, 0);
      const facts = await this.saves(id).facts();
      const ownBytes = saved + bytesOf(hashes.filter((hash) => users.get(hash) === 1));
      runs.push({ id, facts, bytes: saved + bytesOf(hashes), ownBytes });
    }
    return runs.sort((a, b) => (b.facts?.savedAt ?? 0) - (a.facts?.savedAt ?? 0));
  }

  /** Removes a run, and the files that no other one needs. */
  async remove(id: string): Promise<void> {
    await this.store.removeFolder(`${RUNS}/${id}`);
    await this.forgetUnused();
  }

  /** Removes all runs and all files. */
  async removeAll(): Promise<void> {
    await this.store.alone(async () => {
      await this.store.removeFolder(RUNS);
      await this.store.removeFolder(CONTENTS);
    });
  }

  /** Removes files that no run needs: what a removal left that was cut off. */
  async forgetUnused(): Promise<void> {
    await this.store.alone(async () => {
      const needed = new Set([...(await this.needed()).values()].flat());
      for (const hash of (await this.contents.sizes()).keys()) {
        if (!needed.has(hash)) await this.contents.remove(hash);
      }
    });
  }

  /** The hashes of the files that each run needs. */
  private async needed(): Promise<Map<string, string[]>> {
    const runs = new Map<string, string[]>();
    for (const id of await this.store.folders(RUNS)) {
      const files = await this.folder(id).list();
      runs.set(
        id,
        files.flatMap(({ name }) => NEEDED.exec(name)?.[1] ?? []),
      );
    }
    return runs;
  }
}

/** The pieces of an empty file. */
async function* nothing(): AsyncGenerator<Uint8Array> {}
