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
 */
export function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve([...transfer.files]);
  return Promise.all(entries.map(filesOfEntry)).then((lists) => lists.flat());
}

async function filesOfEntry(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [fileAt(entry.fullPath.replace(/^\//, ""), file)];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: File[] = [];
  for (;;) {
    // A reader gives at most 100 entries at a time, and an empty list at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    for (const inner of some) files.push(...(await filesOfEntry(inner)));
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
