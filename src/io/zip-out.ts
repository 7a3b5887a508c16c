import { makeZip } from "client-zip";

/** A file to be zipped; `size` in bytes where it is known beforehand. */
interface ZipItem {
  /** Path within the zip, with slashes. */
  name: string;
  size?: number;
  input: AsyncIterable<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | string;
}

/**
 * A zip of the files, each stored without compression (weights hardly shrink). It is made while it is read, so that no
 * file is in memory whole; files are taken from `items` one by one.
 */
export function zipStream(items: AsyncIterable<ZipItem> | Iterable<ZipItem>): ReadableStream<Uint8Array> {
  return makeZip(items);
}

/**
 * Writes a zip without having it in memory whole: into the browser's private file system, else (Firefox's private
 * windows, old browsers) into a Blob, which the browser may keep on disk. `onProgress` gets the bytes written.
 */
export async function collectZip(
  items: AsyncIterable<ZipItem>,
  name: string,
  onProgress: (bytes: number) => void,
): Promise<Blob> {
  const target = await openTarget(name);
  let bytes = 0;
  const reader = zipStream(items).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      await target.write(next.value);
      bytes += next.value.byteLength;
      onProgress(bytes);
    }
    return await target.finish();
  } catch (error) {
    await target.abort();
    throw error;
  }
}

interface Target {
  write(chunk: Uint8Array): Promise<void>;
  finish(): Promise<Blob>;
  abort(): Promise<void>;
}

async function openTarget(name: string): Promise<Target> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("exports", { create: true });
    await removeOld(folder);
    const handle = await folder.getFileHandle(`${Date.now()}-${name.replace(/[^\w.-]/g, "_")}`, { create: true });
    const stream = await handle.createWritable();
    return {
      write: (chunk) => stream.write(chunk as Uint8Array<ArrayBuffer>),
      async finish() {
        await stream.close();
        return handle.getFile();
      },
      abort: () => stream.abort(),
    };
  } catch {
    const parts: Blob[] = [];
    return {
      write: (chunk) => {
        parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
        return Promise.resolve();
      },
      finish: () => Promise.resolve(new Blob(parts, { type: "application/zip" })),
      abort: () => Promise.resolve(),
    };
  }
}

const HOUR = 3_600_000;

/** Removes exports of earlier sessions, which are downloaded by now; their names begin with the time they were made. */
async function removeOld(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const name of folder.keys()) {
    if (Date.now() - Number.parseInt(name, 10) > HOUR) await folder.removeEntry(name);
  }
}
