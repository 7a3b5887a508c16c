import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { TuningStore } from "../run/tune.ts";

/** The file of all adapters' measurements, in the user's folder for caches. */
export function tuningPath(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "tabtune", "tuning.json");
}

/** Keeps what was measured in a JSON file; where it cannot be written, nothing is kept. */
export function fileTuningStore(path: string): TuningStore {
  const all = async (): Promise<Record<string, unknown>> => {
    try {
      const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
      return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
    } catch {
      return {};
    }
  };
  return {
    read: async (adapter) => (await all())[adapter],
    async write(adapter, tuning) {
      const text = JSON.stringify({ ...(await all()), [adapter]: tuning }, null, 2);
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      } catch {
        // A measurement more at the next start is all that this costs.
      }
    },
  };
}
