import { Problem } from "../../problem/problem.ts";

/**
 * The same bytes under their path, e.g. "my-bert/config.json": a folder gives a checkpoint its name, and a path kept
 * anywhere else is lost on the way to a worker.
 */
export function fileAt(path: string, file: File): File {
  return path === file.name ? file : new File([file], path, { type: file.type, lastModified: file.lastModified });
}

/** The files of an input, under their paths where a folder was chosen. */
export function filesOfInput(input: HTMLInputElement): File[] {
  return [...(input.files ?? [])].map((file) => fileAt(file.webkitRelativePath || file.name, file));
}

/**
 * All files of a drop, those inside of dropped folders too, under their paths. Must be called within the event: its
 * list dies with it.
 *
 * @throws {Problem} when the browser cannot read what was dropped
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const parts = [...transfer.items].flatMap((item): (File | FileSystemEntry)[] => {
    const entry = item.webkitGetAsEntry();
    if (entry && isFolder(entry)) return [entry];
    // The entry of a single file adds nothing, and WebKit cannot read that of a file which a page or an app made.
    const file = item.getAsFile();
    return file ? [file] : entry ? [entry] : [];
  });
  if (parts.length === 0) return [...transfer.files];
  const lists = await Promise.all(parts.map(async (part) => (part instanceof File ? [part] : filesOfEntry(part))));
  return lists.flat();
}

async function filesOfEntry(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch((error: unknown) => {
      throw unreadable(entry, error);
    });
    return [fileAt(entry.fullPath.replace(/^\//, ""), file)];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: File[] = [];
  for (;;) {
    // A reader gives at most 100 entries at a time, and an empty list at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(
      (error: unknown) => {
        throw unreadable(entry, error);
      },
    );
    if (some.length === 0) return files;
    for (const inner of some) files.push(...(await filesOfEntry(inner)));
  }
}

function unreadable({ name }: FileSystemEntry, error: unknown): Problem {
  return new Problem({
    found: `The browser could not read ${name}: ${error instanceof Error ? error.message : String(error)}`,
    expected: "Files and folders that are dropped must be readable.",
    remedy: "Check that it is still there and that you may read it, or choose it with the buttons.",
  });
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
