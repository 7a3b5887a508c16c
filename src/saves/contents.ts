import type { ByteSource } from "../io/byte-source.ts";
import { Problem } from "../problem/problem.ts";
import { notKept } from "./not-kept.ts";
import { hashOf } from "./save-file.ts";
import type { SaveFolder } from "./save-folder.ts";

const PIECE_BYTES = 4 << 20;

/** Files that runs need to go on (rows, those of checkpoints), each kept once whatever its name: it is found by its hash. */
export class Contents {
  constructor(private readonly folder: SaveFolder) {}

  /**
   * Keeps a file where it is not kept yet. One that was cut or changed is written again.
   *
   * @throws Problem where it cannot be written, or is not read back as it was written
   */
  async keep(hash: string, source: ByteSource): Promise<void> {
    if (await this.isWhole(hash)) return;
    try {
      await this.folder.write(hash, piecesOf(source));
      if (!(await this.isWhole(hash))) throw new Error("what was read back differs from what was written");
    } catch (error) {
      await this.folder.remove(hash).catch(() => undefined);
      throw notKept(`The file ${source.name}`, { where: this.folder.where, bytes: source.size }, error);
    }
  }

  /**
   * A file that was kept, with the name that it had.
   *
   * @throws Problem where it is missing or has changed
   */
  async open(hash: string, name: string): Promise<ByteSource> {
    if (!(await this.isWhole(hash))) throw changed(name, this.folder.where);
    return { ...(await this.folder.open(hash)), name };
  }

  /** Bytes of the files, by their hashes. */
  async sizes(): Promise<Map<string, number>> {
    return new Map((await this.folder.list()).map(({ name, bytes }) => [name, bytes]));
  }

  remove(hash: string): Promise<void> {
    return this.folder.remove(hash);
  }

  private async isWhole(hash: string): Promise<boolean> {
    if (!(await this.sizes()).has(hash)) return false;
    return (await hashOf(await this.folder.open(hash))) === hash;
  }
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < source.size; from += PIECE_BYTES) {
    yield await source.slice(from, Math.min(source.size, from + PIECE_BYTES));
  }
}

function changed(name: string, where: string): Problem {
  return new Problem({
    found: `The file ${name} in ${where} is missing or has changed.`,
    expected: "A run goes on with the files that it was started with.",
    remedy: `Open ${name} again and start a new run.`,
  });
}
