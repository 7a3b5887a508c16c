import { useCallback, useEffect, useRef, type RefCallback } from "react";
import { Problem } from "../../problem/problem.ts";

/**
 * The same file with its path as its name, e.g. "my-model/config.json": a checkpoint is named after its folder, and any
 * other property with the path would be lost on the way to a worker.
 */
export function fileAt(path: string, file: File): File {
  return path === file.name ? file : new File([file], path, { type: file.type, lastModified: file.lastModified });
}

/** The files of an input, named by their paths where a folder was chosen. */
function filesOfInput(input: HTMLInputElement): File[] {
  return [...(input.files ?? [])].map((file) => fileAt(file.webkitRelativePath || file.name, file));
}

/**
 * All files of a drop, including those in dropped folders, named by their paths. Must be called within the event, whose
 * list is empty afterwards.
 *
 * @throws {Problem} when the browser cannot read what was dropped
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const parts = [...transfer.items].flatMap((item): (File | FileSystemEntry)[] => {
    const entry = item.webkitGetAsEntry();
    if (entry && isFolder(entry)) return [entry];
    // The entry of a single file adds nothing, and WebKit cannot read the entry of a file that a page or an app made.
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
    // A reader returns at most 100 entries at a time, and an empty list at the end.
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

/**
 * Inputs whose dialog is open, kept from garbage collection until their files come, also after they have left the page.
 */
const withDialog = new Set<HTMLInputElement>();

/** The ref of a file input, and a function that opens its dialog. */
type FileInput = [ref: RefCallback<HTMLInputElement>, choose: () => void];

/**
 * Receives the files of an input, also if it has left the page since its dialog was opened, as when cards replace the
 * first zones or fold. React only listens on the page, so the handlers are on the input itself. `onFiles` gets at least
 * one file, and may be called after its component is gone.
 */
export function useFileInput(onFiles: (files: File[]) => void): FileInput {
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  }, [onFiles]);
  const input = useRef<HTMLInputElement>(null);
  const ref = useCallback((drawn: HTMLInputElement | null) => {
    input.current = drawn;
    if (!drawn) return;
    // Properties instead of listeners, since a ref may be called twice with the same input.
    drawn.onchange = () => {
      withDialog.delete(drawn);
      const files = filesOfInput(drawn);
      // Otherwise the same file could not be chosen again.
      drawn.value = "";
      if (files.length > 0) latest.current(files);
    };
    drawn.oncancel = () => withDialog.delete(drawn);
  }, []);
  const choose = useCallback(() => {
    if (!input.current) return;
    withDialog.add(input.current);
    input.current.click();
  }, []);
  return [ref, choose];
}
