import { Inflate } from "fflate";
import { Problem } from "../problem/problem.ts";
import { blobSource, type ByteSource } from "./byte-source.ts";

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const CHUNK_BYTES = 1 << 20;
const PUSHED_BYTES = 1 << 14;

interface DirectoryEntry {
  path: string;
  encrypted: boolean;
  method: number;
  packedSize: number;
  size: number;
  headerStart: number;
}

/**
 * The files in a zip as sources whose names carry their folders, e.g. "my-model/config.json"; folders are left out.
 * Nothing but the directory at the end of the zip is read here. A stored file is sliced out of the zip; a deflated one
 * is inflated, by chunks, when it is first read. Layout: PKWARE's APPNOTE 6.3, sections 4.3 to 4.5.
 * Throws a `Problem` for what is no zip, is cut off, or is larger than 4 GB (Zip64).
 */
export async function openZip(zip: ByteSource): Promise<ByteSource[]> {
  const entries = await readDirectory(zip);
  return entries.filter((entry) => !entry.path.endsWith("/")).map((entry) => entrySource(zip, entry));
}

async function readDirectory(zip: ByteSource): Promise<DirectoryEntry[]> {
  // The end record is 22 bytes and a comment of at most 65,535.
  const tailStart = Math.max(0, zip.size - 22 - 0xffff);
  const tail = view(await zip.slice(tailStart, zip.size));
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < 0) throw unsound(zip, "it has no directory at its end");

  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) throw tooLarge(zip);
  if (start + size > zip.size) throw unsound(zip, "its directory lies beyond its end");

  const directory = view(await zip.slice(start, start + size));
  const entries: DirectoryEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > size || directory.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw unsound(zip, `its directory names ${count} files but breaks off after ${entries.length}`);
    }
    const nameLength = directory.getUint16(at + 28, true);
    const restLength = directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
    const name = new Uint8Array(directory.buffer, at + 46, Math.min(nameLength, size - at - 46));
    const entry = {
      path: new TextDecoder().decode(name).replaceAll("\\", "/"),
      encrypted: (directory.getUint16(at + 8, true) & 1) === 1,
      method: directory.getUint16(at + 10, true),
      packedSize: directory.getUint32(at + 20, true),
      size: directory.getUint32(at + 24, true),
      headerStart: directory.getUint32(at + 42, true),
    };
    if (Math.max(entry.packedSize, entry.size, entry.headerStart) === 0xffffffff) throw tooLarge(zip);
    entries.push(entry);
    at += 46 + nameLength + restLength;
  }
  return entries;
}

function entrySource(zip: ByteSource, entry: DirectoryEntry): ByteSource {
  let start: Promise<number> | null = null;
  const dataStart = () => (start ??= findData(zip, entry));
  if (entry.method === STORED && !entry.encrypted) {
    return {
      name: entry.path,
      size: entry.size,
      async slice(from, to) {
        const at = await dataStart();
        return zip.slice(at + from, at + to);
      },
    };
  }
  let inflated: Promise<ByteSource> | null = null;
  return {
    name: entry.path,
    size: entry.size,
    async slice(from, to) {
      inflated ??= dataStart().then((at) => inflate(zip, entry, at));
      return (await inflated).slice(from, to);
    },
  };
}

/** The first byte of a file's data: behind its local header, whose extra field may differ from the directory's. */
async function findData(zip: ByteSource, entry: DirectoryEntry): Promise<number> {
  const headerEnd = entry.headerStart + 30;
  if (headerEnd > zip.size) throw unsound(zip, `${entry.path} lies beyond its end`);
  const header = view(await zip.slice(entry.headerStart, headerEnd));
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE) throw unsound(zip, `${entry.path} is not where it should be`);
  const start = headerEnd + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + entry.packedSize > zip.size) throw unsound(zip, `${entry.path} is cut off`);
  return start;
}

async function inflate(zip: ByteSource, entry: DirectoryEntry, start: number): Promise<ByteSource> {
  if (entry.encrypted || entry.method !== DEFLATED) {
    throw new Problem({
      found: entry.encrypted
        ? `${entry.path} in ${zip.name} is locked with a password.`
        : `${entry.path} in ${zip.name} is packed by method ${entry.method}.`,
      expected: "A zip whose files are stored or deflated, without a password, was expected.",
      remedy: "Unpack the zip and drop the folder instead.",
    });
  }
  // A Blob rather than one array: browsers can hold its parts outside the page's memory.
  const parts: Blob[] = [];
  let size = 0;
  const inflater = new Inflate((chunk) => {
    size += chunk.length;
    if (size > entry.size) throw new Error(`it goes on beyond the ${entry.size} bytes that are stated`);
    parts.push(new Blob([new Uint8Array(chunk)]));
  });
  const end = start + entry.packedSize;
  try {
    for (let at = start; at < end; at += CHUNK_BYTES) {
      const next = Math.min(at + CHUNK_BYTES, end);
      const packed = await zip.slice(at, next);
      // A thousandfold can come of each part before its size is known.
      for (let from = 0; from < packed.length; from += PUSHED_BYTES) {
        const to = Math.min(from + PUSHED_BYTES, packed.length);
        inflater.push(packed.subarray(from, to), at + to === end);
      }
    }
  } catch (error) {
    throw unsound(zip, `${entry.path} cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
  }
  const blob = new Blob(parts);
  if (blob.size !== entry.size) {
    throw unsound(zip, `${entry.path} unpacks to ${blob.size} bytes where ${entry.size} are stated`);
  }
  return blobSource(entry.path, blob);
}

function view(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function unsound(zip: ByteSource, what: string): Problem {
  return new Problem({
    found: `${zip.name} is not a sound zip file: ${what}.`,
    expected: "A complete zip file was expected.",
    remedy: "Copy or download it again, or unpack it and drop the folder instead.",
  });
}

function tooLarge(zip: ByteSource): Problem {
  return new Problem({
    found: `${zip.name} is a Zip64 file, made for more than 4 GB or 65,535 files.`,
    expected: "A zip of at most 4 GB was expected.",
    remedy: "Unpack it and drop the folder instead.",
  });
}
