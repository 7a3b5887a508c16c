import type { Texts } from "../io/text-column.ts";
import { Problem } from "../problem/problem.ts";
import { cutIntoChunks, type RowChunk } from "./chunks.ts";
import type { ChunkDone, TextChunk } from "./protocol.ts";

/** Texts to be encoded under one name. */
export interface TextJob {
  job: string;
  texts: Texts;
  /** Second text of each row, or null. */
  pairs: Texts | null;
  /** Most tokens of a row, special tokens included. */
  maxLength: number;
  /** Only the lengths before truncation are wanted; no ids go anywhere. */
  lengthsOnly: boolean;
}

interface Running {
  work: TextJob;
  chunks: Iterator<RowChunk>;
  /** First row of each chunk that was handed out. */
  starts: number[];
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
    // Two chunks each: the next one is there when a tokenizer is done with the one before.
    this.free = [...ports, ...ports];
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
   * @returns tokens of each row before truncation [rows] when `lengthsOnly`, else nothing [0]
   * @throws Problem when no tokenizer is connected, a chunk fails, or the tokenizers are replaced meanwhile
   */
  run(work: TextJob, onRows: (done: number) => void): Promise<Int32Array> {
    if (this.ports.length === 0) return Promise.reject(noTokenizer());
    const lengths = new Int32Array(work.lengthsOnly ? work.texts.length : 0);
    if (work.texts.length === 0) return Promise.resolve(lengths);
    return new Promise((resolve, reject) => {
      const chunks = cutIntoChunks(work.texts, work.pairs);
      this.running.set(work.job, { work, chunks, starts: [], doneRows: 0, lengths, onRows, resolve, reject });
      this.feed();
    });
  }

  private feed(): void {
    for (const running of this.running.values()) {
      while (this.free.length > 0) {
        const chunk = nextChunk(running);
        if (chunk === null) break;
        this.free.pop()?.postMessage(chunk);
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
    if (done.fullLengths !== null) running.lengths.set(done.fullLengths, running.starts[done.index]);
    running.doneRows += done.rows;
    running.onRows(running.doneRows);
    if (running.doneRows === running.work.texts.length) {
      this.running.delete(done.job);
      running.resolve(running.lengths);
    }
  }
}

/** The next chunk of a job, or null when all were handed out. */
function nextChunk({ work, chunks, starts }: Running): TextChunk | null {
  const next = chunks.next();
  if (next.done === true) return null;
  const { job, maxLength, lengthsOnly } = work;
  const { start, texts, pairs, isLast } = next.value;
  const index = starts.push(start) - 1;
  return { job, index, chunks: isLast ? index + 1 : null, texts, pairs, maxLength, lengthsOnly };
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
