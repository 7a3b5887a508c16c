import { Inflate } from "fflate";
import { Problem } from "../problem/problem.ts";
import { blobSource, type ByteSource } from "./byte-source.ts";

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const END64_SIGNATURE = 0x06064b50;
const LOCATOR64_SIGNATURE = 0x07064b50;
/** The value of a 32-bit field whose number is in the Zip64 record. */
const LARGE = 0xffffffff;
const LARGEST_DIRECTORY = 64 * 2 ** 20;
const CHUNK_BYTES = 1 << 20;
/** Number of packed bytes inflated at a time; they become at most 1,032 times as many. */
const PUSHED_BYTES = 1 << 14;
/** The largest unpacked file of a zip: the largest Blob in all browsers. */
const MOST_BYTES = 4 * 2 ** 30;
/** The highest compression ratio of a large file: weights, tokenizers and tables shrink to a tenth at best. */
const MOST_RATIO = 100;
const SMALL_FILE = 64 * 2 ** 20;

interface DirectoryEntry {
  path: string;
  encrypted: boolean;
  method: number;
  packedSize: number;
  size: number;
  headerStart: number;
}

/**
 * The files in a zip as sources whose names include their folders, e.g. "my-model/config.json"; folders are left out.
 * Only the directory at the end of the zip is read here. A stored file is sliced out of the zip; a deflated one
 * is inflated, by chunks, when it is first read, and never beyond the size that the directory states. Layout: PKWARE's
 * APPNOTE 6.3, sections 4.3 to 4.5.
 * Throws a `Problem` for a file that is no zip or is cut off, for files that share bytes, and for decompression bombs
 * (`refuseBombs`).
 */
export async function openZip(zip: ByteSource): Promise<ByteSource[]> {
  const entries = await readDirectory(zip, await findDirectory(zip));
  refuseOverlaps(zip, entries);
  return entries.filter((entry) => !entry.path.endsWith("/")).map((entry) => entrySource(zip, entry));
}

interface DirectoryPlace {
  count: number;
  start: number;
  size: number;
}

async function findDirectory(zip: ByteSource): Promise<DirectoryPlace> {
  // The end record is 22 bytes and a comment of at most 65,535.
  const tailStart = Math.max(0, zip.size - 22 - 0xffff);
  const tail = view(await zip.slice(tailStart, zip.size));
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < 0) throw unsound(zip, "it has no directory at its end");

  const short = {
    count: tail.getUint16(end + 10, true),
    size: tail.getUint32(end + 12, true),
    start: tail.getUint32(end + 16, true),
  };
  const isLarge = short.count === 0xffff || short.size === LARGE || short.start === LARGE;
  const place = isLarge ? await findLargeDirectory(zip, tailStart + end) : short;
  if (place.start + place.size > zip.size) throw unsound(zip, "its directory lies beyond its end");
  // Each file takes 46 bytes and its name.
  if (place.count * 46 > place.size) {
    throw unsound(zip, `its directory names ${place.count} files but breaks off after ${Math.floor(place.size / 46)}`);
  }
  if (place.size > LARGEST_DIRECTORY) throw unsound(zip, `its directory has ${place.size} bytes`);
  return place;
}

/** The end record of a Zip64 file; a locator of 20 bytes before the usual end record points to it. */
async function findLargeDirectory(zip: ByteSource, end: number): Promise<DirectoryPlace> {
  const missing = () => unsound(zip, "it has no Zip64 record, which its end points to");
  if (end < 20) throw missing();
  const locator = view(await zip.slice(end - 20, end));
  const at = Number(locator.getBigUint64(8, true));
  if (locator.getUint32(0, true) !== LOCATOR64_SIGNATURE || at + 56 > zip.size) throw missing();
  const record = view(await zip.slice(at, at + 56));
  if (record.getUint32(0, true) !== END64_SIGNATURE) throw missing();
  const number = (offset: number) => Number(record.getBigUint64(offset, true));
  return { count: number(32), size: number(40), start: number(48) };
}

async function readDirectory(zip: ByteSource, { count, start, size }: DirectoryPlace): Promise<DirectoryEntry[]> {
  const directory = view(await zip.slice(start, start + size));
  const entries: DirectoryEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > size || directory.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw unsound(zip, `its directory names ${count} files but breaks off after ${entries.length}`);
    }
    const nameLength = directory.getUint16(at + 28, true);
    const extraLength = directory.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + directory.getUint16(at + 32, true);
    const name = new Uint8Array(directory.buffer, at + 46, Math.min(nameLength, size - at - 46));
    const short = {
      size: directory.getUint32(at + 24, true),
      packedSize: directory.getUint32(at + 20, true),
      headerStart: directory.getUint32(at + 42, true),
    };
    const path = new TextDecoder().decode(name).replaceAll("\\", "/");
    const extraStart = at + 46 + nameLength;
    const long = longNumbers(directory, extraStart, Math.min(extraStart + extraLength, size), short);
    if (long === null) throw unsound(zip, `${path} lacks the sizes of a Zip64 file`);
    entries.push({
      path,
      encrypted: (directory.getUint16(at + 8, true) & 1) === 1,
      method: directory.getUint16(at + 10, true),
      ...long,
    });
    at = next;
  }
  return entries;
}

type Numbers = Pick<DirectoryEntry, "size" | "packedSize" | "headerStart">;

/** The numbers that do not fit 32 bits, from the Zip64 extra field; null without it. */
function longNumbers(directory: DataView, start: number, end: number, short: Numbers): Numbers | null {
  const wanted = (["size", "packedSize", "headerStart"] as const).filter((field) => short[field] === LARGE);
  if (wanted.length === 0) return short;
  for (let at = start; at + 4 <= end; at += 4 + directory.getUint16(at + 2, true)) {
    if (directory.getUint16(at, true) !== 1 || at + 4 + 8 * wanted.length > end) continue;
    const long = { ...short };
    wanted.forEach((field, i) => (long[field] = Number(directory.getBigUint64(at + 4 + 8 * i, true))));
    return Object.values(long).every(Number.isSafeInteger) ? long : null;
  }
  return null;
}

/** Files that share bytes of the zip are made to unpack the same bytes many times over (Fifield 2019). */
function refuseOverlaps(zip: ByteSource, entries: readonly DirectoryEntry[]): void {
  const inOrder = [...entries].sort((a, b) => a.headerStart - b.headerStart);
  inOrder.forEach(({ path, headerStart, packedSize }, i) => {
    const next = inOrder[i + 1];
    // A local header has 30 bytes and the name.
    if (next && headerStart + 30 + packedSize > next.headerStart) {
      throw unsound(zip, `${path} and ${next.path} share bytes`);
    }
  });
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

/** The first byte of a file's data, after its local header, whose extra field may differ from the directory's. */
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
  refuseBombs(zip, entry);
  // A Blob rather than one array, because browsers can keep its parts outside of the page's memory.
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
      // Each part can become a thousand times as large before its size is known.
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
    remedy: "Copy or download it again, or unpack it and drop the folder instead.",
  });
}

/** Throws a `Problem` where the files of a zip together state an implausible unpacked size. */
export function refuseManyBombs(zip: ByteSource, files: readonly ByteSource[]): void {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total <= SMALL_FILE || total <= MOST_RATIO * zip.size) return;
  throw new Problem({
    found: `The files in ${zip.name} unpack from ${zip.size.toLocaleString("en")} to ${total.toLocaleString("en")} bytes.`,
    expected: `Files above 64 MB were expected to unpack to at most ${MOST_RATIO} times their packed size.`,
    remedy: "Unpack the zip and drop the folder instead, if you trust it.",
  });
}

/** Throws a `Problem` for a file whose stated size shows a decompression bomb, before anything is inflated. */
function refuseBombs(zip: ByteSource, { path, size, packedSize }: DirectoryEntry): void {
  const isBomb = size > SMALL_FILE && size > MOST_RATIO * packedSize;
  if (!isBomb && size <= MOST_BYTES) return;
  throw new Problem({
    found: `${path} in ${zip.name} unpacks from ${packedSize.toLocaleString("en")} to ${size.toLocaleString("en")} bytes.`,
    expected: isBomb
      ? `Files above 64 MB were expected to unpack to at most ${MOST_RATIO} times their packed size.`
      : "Packed files of at most 4 GB were expected.",
    remedy: "Unpack the zip and drop the folder instead, if you trust it.",
  });
}
