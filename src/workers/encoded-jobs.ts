import { lengthOf } from "../data/batches.ts";
import { rowsOfTexts } from "../data/windows.ts";
import type { EncodedRows } from "../data/rows.ts";
import { Problem } from "../problem/problem.ts";
import { joinRows } from "../tokenize/encode-rows.ts";
import type { EncodedChunk, TokenCounts } from "./protocol.ts";

interface Assembly {
  parts: EncodedRows[];
  arrived: number;
  /** Number of chunks of the job; null until its last chunk has arrived. */
  chunks: number | null;
  result: Promise<EncodedRows>;
  resolve: (rows: EncodedRows) => void;
  reject: (problem: Problem) => void;
}

/** Receives token ids for the training worker: assembles the chunks of each job, in whatever order they arrive. */
export class EncodedJobs {
  private readonly assemblies = new Map<string, Assembly>();

  /** Listens to one tokenizer. */
  addPort(port: MessagePort): void {
    port.onmessage = (event: MessageEvent<EncodedChunk>) => this.accept(event.data);
  }

  /**
   * All rows of a job, in order; waits for chunks that have not arrived. A job can be taken only once, and its rows are then forgotten.
   *
   * @throws Problem when a chunk of the job failed
   */
  async job(name: string): Promise<EncodedRows> {
    try {
      return await this.assembly(name).result;
    } finally {
      this.assemblies.delete(name);
    }
  }

  private accept(chunk: EncodedChunk): void {
    const assembly = this.assembly(chunk.job);
    if ("problem" in chunk) {
      assembly.reject(new Problem(chunk.problem));
      return;
    }
    assembly.parts[chunk.index] = chunk.rows;
    assembly.arrived++;
    assembly.chunks ??= chunk.chunks;
    if (assembly.arrived === assembly.chunks) {
      assembly.resolve(joinRows(assembly.parts));
      assembly.parts = [];
    }
  }

  private assembly(name: string): Assembly {
    const known = this.assemblies.get(name);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = withResolvers<EncodedRows>();
    // Nobody may be waiting for the job yet; this keeps the rejection from being reported as unhandled.
    promise.catch(() => undefined);
    const assembly: Assembly = { parts: [], arrived: 0, chunks: null, result: promise, resolve, reject };
    this.assemblies.set(name, assembly);
    return assembly;
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Tokens of each text, and of the part that the model reads: all where it is read in several windows. */
export function tokenCounts(rows: EncodedRows): TokenCounts[] {
  return Array.from(rows.fullLengths, (whole, text) => {
    const ofText = rowsOfTexts(rows, Int32Array.of(text));
    const [first = 0] = ofText;
    return { whole, read: ofText.length > 1 ? whole : lengthOf(rows, first), windows: ofText.length };
  });
}
