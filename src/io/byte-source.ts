import { Problem } from "../problem/problem.ts";

/**
 * A named sequence of bytes that is read by slices, so that a large file is never in memory whole.
 * The browser makes one from a `File`, Node from a path.
 */
export interface ByteSource {
  /** File name without folders, e.g. "model.safetensors". */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** Bytes start (inclusive) to end (exclusive); both within 0..size. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A source over a browser `File` or `Blob`. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    async slice(start, end) {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer());
    },
  };
}

/** A source over bytes in memory. */
export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return { name, size: bytes.byteLength, slice: (start, end) => Promise.resolve(bytes.slice(start, end)) };
}

/** All bytes of a source. */
export function readAll(source: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  return source.slice(0, source.size);
}

const FIRST_LINE = "version https://git-lfs.github.com/spec/v1";
/** The Git LFS specification keeps pointers below this many bytes. */
const LARGEST_POINTER = 1024;

/** Whether these bytes are a Git LFS pointer, the few lines that replace a large file in a clone without LFS. */
function isLfsPointer(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, FIRST_LINE.length)) === FIRST_LINE;
}

/** Throws a `Problem` for a file that is a Git LFS pointer. */
export async function refuseLfsPointer(source: ByteSource): Promise<void> {
  if (source.size > LARGEST_POINTER || source.size < FIRST_LINE.length) return;
  const bytes = await source.slice(0, source.size);
  if (!isLfsPointer(bytes)) return;
  const size = /^size (\d+)$/m.exec(new TextDecoder().decode(bytes))?.[1];
  throw new Problem({
    found: `${source.name} is a Git LFS pointer: a few lines that stand for the file${size ? ` of ${Number(size).toLocaleString("en")} bytes` : ""}.`,
    remedy: "Run git lfs pull in the folder it was cloned to, or download the file from the model's page.",
  });
}
