import { Problem, reportProblem } from "../problem/problem.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer, type Tokenizer } from "../tokenize/tokenizer.ts";
import type { ChunkDone, EncodedChunk, TextChunk, TokenizeCalls } from "./protocol.ts";

interface Opened {
  tokenizer: Tokenizer;
  toTrain: MessagePort;
  fromData: MessagePort;
}

/**
 * The service of a tokenizer worker: encodes chunks of texts from `data` (or from the page) and sends the ids straight
 * to `train`. A tokenizer that cannot be opened leaves the previous one in place.
 */
export function createTokenizeService(): TokenizeCalls {
  let opened: Opened | null = null;
  return {
    check({ files }) {
      createTokenizer(files);
      return null;
    },
    open({ files, toTrain, fromData }) {
      const tokenizer = createTokenizer(files);
      opened?.toTrain.close();
      opened?.fromData.close();
      opened = { tokenizer, toTrain, fromData };
      fromData.onmessage = (event: MessageEvent<TextChunk>) => {
        const done = encodeForData(tokenizer, event.data, toTrain);
        fromData.postMessage(done, done.fullLengths === null ? [] : [done.fullLengths.buffer]);
      };
      return null;
    },
    encode({ chunk }) {
      if (opened === null) throw notOpen();
      send(opened.toTrain, chunk, opened.tokenizer);
      return null;
    },
  };
}

/** Encodes a chunk and returns the report to `data`; a failure is reported to both sides. */
function encodeForData(tokenizer: Tokenizer, chunk: TextChunk, toTrain: MessagePort): ChunkDoneWithBuffer {
  const { job, index, chunks } = chunk;
  const rows = chunk.texts.length;
  try {
    if (!chunk.lengthsOnly) {
      send(toTrain, chunk, tokenizer);
      return { job, index, rows, fullLengths: null, problem: null };
    }
    const { fullLengths } = encodeRows(chunk.texts, chunk.pairs, chunk.limit, tokenizer);
    return { job, index, rows, fullLengths, problem: null };
  } catch (error) {
    const problem = reportProblem(error);
    const failed: EncodedChunk = { job, index, chunks, problem };
    if (!chunk.lengthsOnly) toTrain.postMessage(failed);
    return { job, index, rows, fullLengths: null, problem };
  }
}

/** Lengths in their own buffer, so that it can be transferred. */
type ChunkDoneWithBuffer = ChunkDone & { fullLengths: Int32Array<ArrayBuffer> | null };

function send(toTrain: MessagePort, chunk: TextChunk, tokenizer: Tokenizer): void {
  const { job, index, chunks } = chunk;
  const rows = encodeRows(chunk.texts, chunk.pairs, chunk.limit, tokenizer);
  const encoded: EncodedChunk = { job, index, chunks, rows };
  toTrain.postMessage(
    encoded,
    [rows.ids, rows.types, rows.rowStart, rows.fullLengths, rows.textStart, rows.spans].flatMap((array) =>
      array ? [array.buffer] : [],
    ),
  );
}

function notOpen(): Problem {
  return new Problem({
    found: "There is no tokenizer yet.",
    expected: "Tokenizing needs a checkpoint with its tokenizer.",
    remedy: "Open a model first.",
  });
}
