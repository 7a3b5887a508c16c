import type { ByteSource } from "../io/byte-source.ts";

/** Where the saves of a run lie: a folder on the disk, or in the browser's private file system. */
export interface SaveFolder {
  /** As people know it, for messages. */
  readonly where: string;
  /** Its files. */
  list(): Promise<{ name: string; bytes: number }[]>;
  /** Writes a file and flushes it to the disk. What was written of it stays where that fails. */
  write(name: string, pieces: AsyncIterable<Uint8Array>): Promise<void>;
  open(name: string): Promise<ByteSource>;
  /** Removes a file; nothing happens where there is none. */
  remove(name: string): Promise<void>;
}
