import { packedBytes } from "../io/state-tree.ts";
import { notKept } from "./not-kept.ts";
import type { SaveFolder } from "./save-folder.ts";
import { openSave, saveBytes, type OpenedSave, type SaveFacts } from "./save-file.ts";

/** Saves that are kept: where the last one is damaged, the one before is there. */
const KEPT = 2;
const NAME = /^save-(\d{6,})\.bin$/;

/** The newest whole save. */
interface LatestSave {
  state: unknown;
  facts: SaveFacts;
  /** Names of newer files that are no whole saves: cut where the program was killed, or changed since. */
  damaged: string[];
}

/** The saves of one run. A save is there once it is written, flushed, read back and found equal; until then those before are. */
export class Saves {
  /** Names of those that were read and found whole: later only their ends are looked at. */
  private readonly whole = new Set<string>();

  constructor(private readonly folder: SaveFolder) {}

  /**
   * Saves a state; keeps the one before, and removes those before that. Returns the bytes that were written.
   *
   * @throws Problem where it cannot be written, or is not read back as it was written: the saves before stay
   */
  async save(state: unknown, facts: SaveFacts): Promise<number> {
    const before = await this.names();
    const number = (before[0]?.number ?? 0) + 1;
    const name = `save-${String(number).padStart(6, "0")}.bin`;
    let isReadable = true;
    const pieces = async function* () {
      try {
        yield* saveBytes(number, state, facts);
      } catch (error) {
        isReadable = false;
        throw error;
      }
    };
    try {
      await this.folder.write(name, pieces());
      const written = await this.openWhole(name);
      if (!written) throw new Error("what was read back differs from what was written");
    } catch (error) {
      // What is half written takes room, which may be what is missing.
      await this.folder.remove(name).catch(() => undefined);
      // The numbers could not be read, e.g. of a GPU that is gone: not the folder's fault.
      if (!isReadable) throw error;
      throw notKept("The run", { where: this.folder.where, bytes: packedBytes(state) }, error);
    }
    // What was cut when the program was killed, or damaged since, is none of those that are kept.
    let kept = 1;
    for (const old of before) {
      if (kept < KEPT && (await this.isWhole(old.name))) kept++;
      else await this.folder.remove(old.name).catch(() => undefined);
    }
    return (await this.folder.open(name)).size;
  }

  /**
   * The newest save that is whole; null where there is none.
   *
   * @throws what reading threw, where one cannot be read and none before is whole
   */
  async latest(): Promise<LatestSave | null> {
    const damaged: string[] = [];
    const unreadable: unknown[] = [];
    for (const { name } of await this.names()) {
      try {
        const opened = await this.openWhole(name);
        if (opened) return { state: await opened.state(), facts: opened.facts, damaged };
      } catch (error) {
        unreadable.push(error);
      }
      damaged.push(name);
    }
    if (unreadable.length > 0) throw unreadable[0];
    return null;
  }

  /** What is shown of the newest save; whether it is whole is looked at when it is read. */
  async facts(): Promise<SaveFacts | null> {
    for (const { name } of await this.names()) {
      const opened = await this.open(name);
      if (opened) return opened.facts;
    }
    return null;
  }

  /** Removes all of them. */
  async clear(): Promise<void> {
    for (const { name } of await this.names()) await this.folder.remove(name);
  }

  /** The newest first. */
  private async names(): Promise<{ name: string; number: number }[]> {
    const all = (await this.folder.list()).flatMap(({ name }) => {
      const number = NAME.exec(name)?.[1];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    });
    return all.sort((a, b) => b.number - a.number);
  }

  private async open(name: string): Promise<OpenedSave | null> {
    return openSave(await this.folder.open(name));
  }

  private async openWhole(name: string): Promise<OpenedSave | null> {
    const opened = await this.open(name);
    if (!opened || !(await opened.isWhole())) return null;
    this.whole.add(name);
    return opened;
  }

  private async isWhole(name: string): Promise<boolean> {
    const opened = this.whole.has(name) ? this.open(name) : this.openWhole(name);
    return (await opened.catch(() => null)) !== null;
  }
}
