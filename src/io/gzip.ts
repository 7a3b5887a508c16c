import { Gunzip } from "fflate";
import { Problem } from "../problem/problem.ts";
import { blobSource, type ByteSource } from "./byte-source.ts";
import { bytePieces } from "./decode.ts";
import { largestUnpacked, unpacksToTooMuch } from "./size-limits.ts";

/** Number of packed bytes inflated at a time; they can become a thousand times as many. */
const PUSHED_BYTES = 1 << 14;

/** True for a gzip file. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * The content of a gzip file, all members, as a source without ".gz" in its name. It is inflated twice: the first time
 * only to count, so that a decompression bomb cannot fill memory. Throws a `Problem` for a damaged file and for more
 * than 500 MB unpacked.
 */
export async function gunzip(source: ByteSource): Promise<ByteSource> {
  await inflate(source, () => undefined);
  const parts: Blob[] = [];
  await inflate(source, (chunk) => parts.push(new Blob([new Uint8Array(chunk)])));
  return blobSource(source.name.replace(/\.gz(ip)?$/i, ""), new Blob(parts));
}

async function inflate(source: ByteSource, onChunk: (chunk: Uint8Array) => void): Promise<void> {
  const largest = largestUnpacked(source.size);
  let size = 0;
  let memberStart = 0;
  let isFinished = false;
  const inflater = new Gunzip((chunk, isFinal) => {
    size += chunk.length;
    if (size > largest) throw unpacksToTooMuch(source.name);
    isFinished ||= isFinal;
    onChunk(chunk);
  });
  inflater.onmember = () => (memberStart = size);
  try {
    let done = 0;
    for await (const piece of bytePieces(source, 1 << 20)) {
      for (let from = 0; from < piece.length; from += PUSHED_BYTES) {
        const part = piece.subarray(from, from + PUSHED_BYTES);
        done += part.length;
        inflater.push(part, done === source.size);
      }
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw unsound(source, error);
  }
  if (!isFinished || (size - memberStart) % 2 ** 32 !== (await statedSize(source))) throw unsound(source, null);
}

/** The size of the last member as the file's last four bytes state it (RFC 1952): fflate misses some files cut short. */
async function statedSize(source: ByteSource): Promise<number> {
  const trailer = await source.slice(Math.max(0, source.size - 4), source.size);
  return trailer.length < 4 ? -1 : new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true);
}

function unsound({ name }: ByteSource, cause: unknown): Problem {
  return new Problem({
    found: `${name} is a gzip file that cannot be unpacked to its end.`,
    remedy: "Download or copy it again, or unpack it and choose the table in it.",
    details: cause instanceof Error ? cause.message : "",
  });
}
