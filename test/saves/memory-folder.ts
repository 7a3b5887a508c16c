import { bytesSource } from "../../src/io/byte-source.ts";
import type { SaveFolder } from "../../src/saves/save-folder.ts";

/** A folder in memory, whose writing can fail after some bytes. */
export class MemoryFolder implements SaveFolder {
  readonly where = "memory";
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Pieces that can still be written before `failure` is thrown. */
  piecesLeft = Infinity;
  failure: Error = new DOMException("The quota is used up.", "QuotaExceededError");

  async list() {
    return [...this.files].map(([name, { length }]) => ({ name, bytes: length }));
  }

  async write(name: string, pieces: AsyncIterable<Uint8Array>) {
    const written: BlobPart[] = [];
    try {
      for await (const piece of pieces) {
        if (this.piecesLeft-- <= 0) throw this.failure;
        written.push(new Uint8Array(piece));
      }
      if (this.piecesLeft-- <= 0) throw this.failure;
    } finally {
      this.files.set(name, new Uint8Array(await new Blob(written).arrayBuffer()));
    }
  }

  async open(name: string) {
    return bytesSource(name, this.files.get(name) ?? new Uint8Array());
  }

  async remove(name: string) {
    this.files.delete(name);
  }
}
