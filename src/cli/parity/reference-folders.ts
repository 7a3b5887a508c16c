import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { families } from "../../families/registry.ts";

/**
 * The folders of references that some paths stand for: each itself, or where it has no batches.json those in it whose
 * family is trained here. Throws an Error for a path with no reference at all.
 */
export async function referenceFolders(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const own = isReference(path) ? [path] : await referencesIn(path);
    if (own.length === 0) throw new Error(`${path} holds no reference of a family that is trained here.`);
    found.push(...own);
  }
  return found;
}

const isReference = (path: string) => ["batches.json", "batches.json.gz"].some((name) => existsSync(join(path, name)));

async function referencesIn(path: string): Promise<string[]> {
  const names = (await readdir(path)).sort().map((name) => join(path, name));
  const trained: string[] = [];
  for (const folder of names.filter(isReference)) {
    const config: unknown = JSON.parse(await readFile(join(folder, "checkpoint/config.json"), "utf8"));
    const type = typeof config === "object" && config !== null && "model_type" in config ? config.model_type : null;
    if (families.some((family) => family.type === type)) trained.push(folder);
  }
  return trained;
}
