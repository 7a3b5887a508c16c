import type { TextLimit } from "../data/text-limit.ts";
import type { Texts } from "../io/text-column.ts";
import { Problem } from "../problem/problem.ts";
import type { ChunkDone, TextChunk } from "./protocol.ts";

/** Texts to be encoded under one name. */
export interface TextJob {
  job: string;
  texts: Texts;
  /** The second text of each row, or null. */
  pairs: Texts | null;
  limit: TextLimit;
  /** Whether only the lengths before truncation are wanted; no ids are sent then. */
  lengthsOnly: boolean;
  /** Whether copies among the texts have masked words. */
  masks?: boolean;
}

interface Running {
  work: TextJob;
  chunks: Iterator<RowChunk>;
  /** The first row of each chunk that was handed out. */
  starts: number[];
  doneRows: number;
  lengths: Int32Array;
  onRows: (done: number) => void;
  resolve: (lengths: Int32Array) => void;
  reject: (problem: Problem) => void;
}

/** Feeds chunks of texts to the tokenizers that are free, earliest job first. */
export class TokenizerPool {
  private ports: MessagePort[] = [];
  private free: MessagePort[] = [];
  private readonly running = new Map<string, Running>();

  /** Replaces the tokenizers; running jobs are rejected. */
  connect(ports: MessagePort[]): void {
    for (const port of this.ports) port.close();
    for (const { reject } of this.running.values()) reject(interrupted());
    this.running.clear();
    this.ports = ports;
    // Two chunks each, so that the next one is there when a tokenizer finishes one.
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
   * Encodes all texts; the ids go from the tokenizers to where these are connected.
   *
   * @param onRows called after each chunk with the number of rows done
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
  const { job, limit, lengthsOnly, masks } = work;
  const { start, texts, pairs, isLast } = next.value;
  const index = starts.push(start) - 1;
  return { job, index, chunks: isLast ? index + 1 : null, texts, pairs, limit, lengthsOnly, ...(masks && { masks }) };
}

function noTokenizer(): Problem {
  return new Problem({
    found: "There is no tokenizer yet.",
    expected: "Tokenizing needs a checkpoint with its tokenizer.",
    remedy: "Open a model first.",
  });
}

function interrupted(): Problem {
  return new Problem({
    found: "The model was changed while texts were being tokenized.",
    expected: "All texts need the same tokenizer.",
    remedy: "Try again with the new model.",
  });
}

/** Largest number of rows of a chunk. */
const rowsPerChunk = 512;
/** Number of characters after which a chunk ends, so that long texts spread over the tokenizers too. */
const charactersPerChunk = 65_536;

/** Consecutive rows. */
interface RowChunk {
  /** Index of the first row. */
  start: number;
  texts: string[];
  pairs: string[] | null;
  /** Whether these are the last rows. */
  isLast: boolean;
}

/**
 * Cuts rows into chunks small enough to keep several tokenizers busy and progress moving. Rows are read when a chunk is
 * requested, so the first chunk is ready immediately, and only the strings of current chunks are in memory.
 *
 * @param pairs second text of each row, or null
 */
export function* cutIntoChunks(texts: Texts, pairs: Texts | null): Generator<RowChunk> {
  let row = 0;
  while (row < texts.length) {
    const chunk: RowChunk = { start: row, texts: [], pairs: pairs && [], isLast: false };
    for (let characters = 0; row < texts.length && characters < charactersPerChunk; row++) {
      if (chunk.texts.length === rowsPerChunk) break;
      const [text, pair] = [texts.at(row) ?? "", pairs?.at(row) ?? ""];
      chunk.texts.push(text);
      chunk.pairs?.push(pair);
      characters += text.length + pair.length;
    }
    chunk.isLast = row === texts.length;
    yield chunk;
  }
}
