import { makeZip } from "client-zip";

/** A file on its way into a zip; `size` in bytes where it is known beforehand. */
export interface ZipItem {
  /** Path within the zip, with slashes. */
  name: string;
  size?: number;
  input: AsyncIterable<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | string;
}

/**
 * A zip of the files, each stored unpacked (weights hardly shrink), made while it is read: no file stands in memory
 * whole. Files are taken from `items` one by one.
 */
export function zipStream(items: AsyncIterable<ZipItem> | Iterable<ZipItem>): ReadableStream<Uint8Array> {
  return makeZip(items);
}
