import { Problem } from "../problem/problem.ts";
import type { SaveFolder } from "./save-folder.ts";
import { openSave, saveBytes, type OpenedSave, type SaveFacts } from "./save-file.ts";

/** Saves that are kept: where the last one is damaged, the one before is there. */
const KEPT = 2;
const NAME = /^save-(\d{6,})\.bin$/;

/** The newest whole save. */
export interface LatestSave {
  state: unknown;
  facts: SaveFacts;
  /** Names of newer files that are no whole saves: cut where the program was killed, or changed since. */
  damaged: string[];
}

/** The saves of one run. A save is there once it is written, flushed, read back and found equal; until then those before are. */
export class Saves {
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
    try {
      await this.folder.write(name, saveBytes(number, state, facts));
      const written = await this.openWhole(name);
      if (!written) throw new Error("What was read back differs from what was written");
    } catch (error) {
      // What is half written takes room, which may be what is missing.
      await this.folder.remove(name).catch(() => undefined);
      throw notSaved(this.folder.where, error);
    }
    for (const old of before.slice(KEPT - 1)) await this.folder.remove(old.name).catch(() => undefined);
    return (await this.folder.open(name)).size;
  }

  /** The newest save that is whole; null where there is none. */
  async latest(): Promise<LatestSave | null> {
    const damaged: string[] = [];
    for (const { name } of await this.names()) {
      const opened = await this.openWhole(name);
      if (opened) return { state: await opened.state(), facts: opened.facts, damaged };
      damaged.push(name);
    }
    return null;
  }

  /** What is shown of the newest save; whether it is whole is looked at when it is read. */
  async facts(): Promise<SaveFacts | null> {
    for (const { name } of await this.names()) {
      const opened = await openSave(await this.folder.open(name));
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

  private async openWhole(name: string): Promise<OpenedSave | null> {
    const opened = await openSave(await this.folder.open(name));
    return opened && (await opened.isWhole()) ? opened : null;
  }
}

function notSaved(where: string, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return new Problem({
    found: `The run could not be saved in ${where}: ${isFull(error) ? "there is no room left" : reason}.`,
    expected: "The saves before are as they were.",
    remedy: isFull(error)
      ? "Free some room: a save takes about four times as much as the weights that train."
      : "Check that this place can be written.",
    details: error instanceof Error ? (error.stack ?? reason) : reason,
  });
}

/** Whether a disk or the browser's share of it is full. */
function isFull(error: unknown): boolean {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  return name === "QuotaExceededError" || code === "ENOSPC" || code === "EDQUOT";
}
