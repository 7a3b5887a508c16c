import type { RunStore } from "../../src/saves/kept-runs.ts";
import { MemoryFolder } from "./memory-folder.ts";

/** Folders in memory. */
export class MemoryStore implements RunStore {
  readonly all = new Map<string, MemoryFolder>();
  /** Work that is done now, of which there must be one. */
  private atWork = 0;

  /** A folder is there once it has files. */
  folder(path: string): MemoryFolder {
    const folder = this.all.get(path) ?? new MemoryFolder();
    this.all.set(path, folder);
    return folder;
  }

  async folders(path: string) {
    const filled = [...this.all].filter(([name, { files }]) => name.startsWith(`${path}/`) && files.size > 0);
    return filled.map(([name]) => name.slice(path.length + 1));
  }

  async removeFolder(path: string) {
    for (const [name, { files }] of this.all) if (name === path || name.startsWith(`${path}/`)) files.clear();
  }

  async alone<T>(work: () => Promise<T>) {
    if (this.atWork++ > 0) throw new Error("A lock is asked for by its holder");
    try {
      return await work();
    } finally {
      this.atWork--;
    }
  }

  /** Paths of all files. */
  get paths(): string[] {
    return [...this.all].flatMap(([path, { files }]) => [...files.keys()].map((name) => `${path}/${name}`)).sort();
  }
}
