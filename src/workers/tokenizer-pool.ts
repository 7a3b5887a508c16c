import { Problem } from "../problem/problem.ts";
import { type Chunks, cutIntoChunks } from "./chunks.ts";
import type { ChunkDone, TextChunk } from "./protocol.ts";

/** Texts to be encoded under one name. */
export interface TextJob {
  job: string;
  texts: string[];
  /** Second text of each row, or null. */
  pairs: string[] | null;
  /** Most tokens of a row, special tokens included. */
  maxLength: number;
  /** Only the lengths before truncation are wanted; no ids go anywhere. */
  lengthsOnly: boolean;
}

interface Running {
  work: TextJob;
  chunks: Chunks;
  /** Next chunk to hand out. */
  next: number;
  doneChunks: number;
  doneRows: number;
  lengths: Int32Array;
  onRows: (done: number) => void;
  resolve: (lengths: Int32Array) => void;
  reject: (problem: Problem) => void;
}

/** Feeds chunks of texts to whichever tokenizer is free, first job first. */
export class TokenizerPool {
  private ports: MessagePort[] = [];
  private free: MessagePort[] = [];
  private readonly running = new Map<string, Running>();

  /** Takes new tokenizers in place of the old ones; jobs under way are rejected. */
  connect(ports: MessagePort[]): void {
    for (const port of this.ports) port.close();
    for (const { reject } of this.running.values()) reject(interrupted());
    this.running.clear();
    this.ports = ports;
    this.free = [...ports];
    for (const port of ports) {
      port.onmessage = (event: MessageEvent<ChunkDone>) => {
        this.free.push(port);
        this.finish(event.data);
        this.feed();
      };
    }
  }

  /**
   * Has all texts encoded; the ids go from the tokenizers to where they were connected.
   *
   * @param onRows told how many rows are done, after each chunk
   * @returns tokens of each row before truncation when `lengthsOnly`, else zeros [rows]
   * @throws Problem when no tokenizer is connected, a chunk fails, or the tokenizers are replaced meanwhile
   */
  run(work: TextJob, onRows: (done: number) => void): Promise<Int32Array> {
    if (this.ports.length === 0) return Promise.reject(noTokenizer());
    const chunks = cutIntoChunks(work.texts, work.pairs);
    const lengths = new Int32Array(work.texts.length);
    if (chunks.count === 0) return Promise.resolve(lengths);
    return new Promise((resolve, reject) => {
      const progress = { next: 0, doneChunks: 0, doneRows: 0 };
      this.running.set(work.job, { work, chunks, ...progress, lengths, onRows, resolve, reject });
      this.feed();
    });
  }

  private feed(): void {
    for (const running of this.running.values()) {
      while (running.next < running.chunks.count) {
        const port = this.free.pop();
        if (port === undefined) return;
        port.postMessage(chunkOf(running, running.next++));
      }
    }
  }

  private finish(done: ChunkDone): void {
    const running = this.running.get(done.job);
    if (running === undefined) return;
    if (done.problem !== null) {
      this.running.delete(done.job);
      running.reject(new Problem(done.problem));
      return;
    }
    const [start, end] = boundsOf(running.chunks, done.index);
    if (done.fullLengths !== null) running.lengths.set(done.fullLengths, start);
    running.doneChunks++;
    running.doneRows += end - start;
    running.onRows(running.doneRows);
    if (running.doneChunks === running.chunks.count) {
      this.running.delete(done.job);
      running.resolve(running.lengths);
    }
  }
}

function chunkOf({ work, chunks }: Running, index: number): TextChunk {
  const [start, end] = boundsOf(chunks, index);
  const { job, maxLength, lengthsOnly } = work;
  const texts = work.texts.slice(start, end);
  const pairs = work.pairs?.slice(start, end) ?? null;
  return { job, index, chunks: chunks.count, texts, pairs, maxLength, lengthsOnly };
}

function boundsOf(chunks: Chunks, index: number): [number, number] {
  return [chunks.start[index] ?? 0, chunks.start[index + 1] ?? 0];
}

function noTokenizer(): Problem {
  return new Problem({
    found: "There is no tokenizer yet.",
    expected: "A checkpoint with its tokenizer is expected before texts become tokens.",
    remedy: "Open a model first.",
  });
}

function interrupted(): Problem {
  return new Problem({
    found: "The model was changed while texts were being tokenized.",
    expected: "The same tokenizer is expected for all texts.",
    remedy: "Do it again with the new model.",
  });
}
