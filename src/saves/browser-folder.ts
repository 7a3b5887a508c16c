import { blobSource } from "../io/byte-source.ts";
import { Problem } from "../problem/problem.ts";
import type { SaveFolder } from "./save-folder.ts";

/** As people know the private file system of the browser. */
const WHERE = "this browser's storage";
/** The folder in which a file is tried before a run starts. */
const TRIAL = "saves";

/** A folder of the browser's private file system. Only workers can write into it: files are written and flushed there. */
export function browserFolder(path: string): SaveFolder {
  return {
    where: WHERE,
    async list() {
      const folder = await directory(path);
      const files: { name: string; bytes: number }[] = [];
      for await (const handle of folder?.values() ?? []) {
        // A file may be removed meanwhile, by another tab.
        const file = isFile(handle) && (await unlessMissing(handle.getFile()));
        if (file) files.push({ name: file.name, bytes: file.size });
      }
      return files;
    },
    async write(name, pieces) {
      const folder = await directory(path, true);
      const access = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
      try {
        access.truncate(0);
        let at = 0;
        for await (const piece of pieces) at = writeWhole(access, piece, at);
        access.flush();
      } finally {
        access.close();
      }
    },
    open: async (name) => blobSource(name, await browserFile(path, name)),
    async remove(name) {
      await unlessMissing(directory(path).then((folder) => folder?.removeEntry(name)));
    },
  };
}

/** A file of such a folder as browsers know files. Throws a Problem where there is none. */
export async function browserFile(path: string, name: string): Promise<File> {
  const handle = await unlessMissing(directory(path).then((folder) => folder?.getFileHandle(name)));
  const file = handle && (await unlessMissing(handle.getFile()));
  if (!file) throw missing(name);
  return file;
}

/** Chromium's number of the error that there is no room: it is returned in place of the bytes written, as 32 bits. */
const NO_ROOM = -8;

/** Writes all of a piece at a place, also where the browser takes it in parts; returns where it ends. */
function writeWhole(access: FileSystemSyncAccessHandle, piece: Uint8Array, at: number): number {
  for (let done = 0; done < piece.length;) {
    const left = piece.length - done;
    const written = access.write(piece.subarray(done), { at: at + done });
    if (written === 0 || (written | 0) === NO_ROOM) throw new DOMException("No room is left.", "QuotaExceededError");
    if (!(written > 0 && written <= left)) throw new Error(`the browser wrote ${written | 0} of ${left} bytes`);
    done += written;
  }
  return at + piece.length;
}

/** Names of the folders in a folder. */
export async function browserFolders(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const handle of (await directory(path))?.values() ?? []) if (!isFile(handle)) names.push(handle.name);
  return names;
}

/** Removes a folder with all that it holds; nothing happens where there is none. */
export async function removeBrowserFolder(path: string): Promise<void> {
  const [name = "", ...above] = path.split("/").reverse();
  const parent = await directory(above.reverse().join("/"));
  await unlessMissing(Promise.resolve(parent?.removeEntry(name, { recursive: true })));
}

/**
 * Why this browser cannot keep runs, as a clause to follow “because”; null where it can, which is tried by writing a
 * file. To be asked in a worker.
 */
export async function whyNothingIsKept(): Promise<string | null> {
  // Old browsers lack these, and so do pages that are neither served over HTTPS nor from this machine.
  const { storage } = navigator as Partial<Navigator>;
  if (!self.isSecureContext) return "the page was opened without HTTPS";
  if (!storage || !("getDirectory" in storage)) return "it has no private file system";
  if (!("FileSystemSyncAccessHandle" in self)) return "its private file system has no files that can be flushed";
  const folder = browserFolder(TRIAL);
  const name = crypto.randomUUID();
  const piece = async function* () {
    yield new Uint8Array(1);
  };
  try {
    await folder.write(name, piece());
    await folder.remove(name);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error);
    return reason === "QuotaExceededError" ? "its storage is full" : `it refused to write a file (${reason})`;
  }
}

async function directory(path: string, create: true): Promise<FileSystemDirectoryHandle>;
async function directory(path: string): Promise<FileSystemDirectoryHandle | null>;
async function directory(path: string, create = false): Promise<FileSystemDirectoryHandle | null> {
  let handle = await navigator.storage.getDirectory();
  for (const name of path.split("/").filter((part) => part !== "")) {
    const inner = await (create
      ? handle.getDirectoryHandle(name, { create })
      : unlessMissing(handle.getDirectoryHandle(name)));
    if (!inner) return null;
    handle = inner;
  }
  return handle;
}

const isFile = (handle: FileSystemHandle): handle is FileSystemFileHandle => handle.kind === "file";

/** The result, or null where the file or folder is not there. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return null;
    throw error;
  }
}

function missing(name: string): Problem {
  return new Problem({
    found: `The file ${name} is no longer in ${WHERE}.`,
    remedy: "Start the run again: another tab or the browser has removed what was kept.",
  });
}
