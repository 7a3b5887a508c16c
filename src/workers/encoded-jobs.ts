import type { EncodedRows } from "../data/rows.ts";
import { Problem } from "../problem/problem.ts";
import { joinRows } from "../tokenize/encode-rows.ts";
import type { EncodedChunk } from "./protocol.ts";

interface Assembly {
  parts: EncodedRows[];
  arrived: number;
  /** Chunks of the job, once its last one has told. */
  chunks: number | null;
  result: Promise<EncodedRows>;
  resolve: (rows: EncodedRows) => void;
  reject: (problem: Problem) => void;
}

/** Where the training worker receives token ids: puts together the chunks of each job, whatever their order. */
export class EncodedJobs {
  private readonly assemblies = new Map<string, Assembly>();

  /** Listens to one tokenizer. */
  addPort(port: MessagePort): void {
    port.onmessage = (event: MessageEvent<EncodedChunk>) => this.accept(event.data);
  }

  /**
   * All rows of a job, in order; waits for chunks still under way. A job can be taken once: its rows are let go.
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
    // Nobody may have asked for the job yet; the rejection is kept for who does.
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
