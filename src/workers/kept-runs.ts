import { readAll } from "../io/byte-source.ts";
import { browserFile } from "../saves/browser-folder.ts";
import { browserStore } from "../saves/browser-storage.ts";
import { KeptRuns } from "../saves/kept-runs.ts";
import type { SaveFacts } from "../saves/save-file.ts";
import { isHeld, lockOf, PAGE_FILE, type KeptPage } from "./kept-page.ts";

/** A run that was cut off and can go on. */
export interface KeptRun {
  id: string;
  /** Null where nothing was saved yet: it then starts over. */
  facts: SaveFacts | null;
  startedAt: number;
  bytes: number;
  /** What the page wrote of itself. */
  page: string;
}

const runs = new KeptRuns(browserStore);

/** The runs that this browser keeps and no tab trains now, saved last first. What is no whole run is removed. */
export async function keptRuns(): Promise<KeptRun[]> {
  const kept: KeptRun[] = [];
  for (const { id, facts, bytes } of await runs.list()) {
    if (await isHeld(id)) continue;
    const page = await pageOf(id);
    if (page) kept.push({ id, facts, bytes, page: page.page, startedAt: page.startedAt });
    // It was cut off while its files were copied.
    else await runs.remove(id);
  }
  return kept;
}

/** The files of a run, in the order in which its page names them. Throws a Problem where one is missing or has changed. */
export async function keptFiles(id: string): Promise<File[]> {
  const files: File[] = [];
  for (const { name, hash } of (await pageOf(id))?.files ?? []) {
    await runs.openFile(hash, name);
    files.push(new File([await browserFile("contents", hash)], name));
  }
  return files;
}

/** Removes a run, and what it alone needs. Throws a Problem where another tab trains it. */
export async function removeKept(id: string): Promise<void> {
  const release = await lockOf(id);
  try {
    await runs.remove(id);
  } finally {
    release();
  }
}

/** Removes all runs that no tab trains now, and their files. */
export async function removeAllKept(): Promise<void> {
  for (const { id } of await runs.list()) if (!(await isHeld(id))) await runs.remove(id);
}

async function pageOf(id: string): Promise<KeptPage | null> {
  try {
    const source = await runs.folder(id).open(PAGE_FILE);
    const kept = JSON.parse(new TextDecoder().decode(await readAll(source))) as KeptPage;
    return kept.version === 1 ? kept : null;
  } catch {
    return null;
  }
}
