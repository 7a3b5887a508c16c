import { browserFolder, browserFolders, removeBrowserFolder } from "./browser-folder.ts";
import type { RunStore } from "./kept-runs.ts";

/** The private file system of the browser, which all tabs of this origin share. It is written in a worker. */
export const browserStore: RunStore = {
  folder: browserFolder,
  folders: browserFolders,
  removeFolder: removeBrowserFolder,
  alone: (work) => navigator.locks.request("tabtune-saves", work),
};

/** How much the page may keep. */
interface StorageRoom {
  /** Bytes that its data takes, as the browser estimates them, and those that it may take. */
  used: number;
  most: number;
  /** Whether the browser keeps it until a person removes it, and not only as long as the disk has room. */
  isPersistent: boolean;
}

/** Null where the browser does not say. */
export async function storageRoom(): Promise<StorageRoom | null> {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    if (usage === undefined || quota === undefined) return null;
    return { used: usage, most: quota, isPersistent: await navigator.storage.persisted() };
  } catch {
    return null;
  }
}

/** Asks the browser to keep the page's data until a person removes it; whether it does. Workers cannot ask. */
export async function askToPersist(): Promise<boolean> {
  try {
    return await navigator.storage.persist();
  } catch {
    return false;
  }
}
