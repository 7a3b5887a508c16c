/**
 * A named run of bytes that is read by slices, so that a large file never stands in memory whole.
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

/** A source over bytes that are in memory already. */
export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return { name, size: bytes.byteLength, slice: (start, end) => Promise.resolve(bytes.slice(start, end)) };
}

/** All bytes of a source. */
export function readAll(source: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  return source.slice(0, source.size);
}
