import { withMaskToken } from "../data/augmentation/change-text.ts";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import { Problem, reportProblem } from "../problem/problem.ts";
import { fitFindings } from "../run/fit-findings.ts";
import { checkpointFit } from "../tokenize/checkpoint-fit.ts";
import { maskToken, unknownToken } from "../tokenize/special-tokens.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer, type Tokenizer, type TokenizerFiles } from "../tokenize/tokenizer.ts";
import type { ChunkDone, EncodedChunk, TextChunk, TokenizeCalls } from "./protocol.ts";

interface Opened {
  files: TokenizerFiles;
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
      opened = { files, tokenizer, toTrain, fromData };
      fromData.onmessage = (event: MessageEvent<TextChunk>) => {
        const done = encodeForData({ tokenizer, files }, event.data, toTrain);
        fromData.postMessage(done, done.fullLengths === null ? [] : [done.fullLengths.buffer]);
      };
      return null;
    },
    fit({ texts, lowercase, maxPositions }) {
      if (opened === null) throw notOpen();
      const { tokenizer, files } = opened;
      const fit = checkpointFit(texts, { tokenizer, unknownId: unknownToken(files), maxPositions });
      return fitFindings(fit, { lowercase, maxPositions, readsWindows: false });
    },
    encode({ chunk }) {
      if (opened === null) throw notOpen();
      send(opened.toTrain, cleaned(chunk), opened.tokenizer);
      return null;
    },
  };
}

/** Encodes a chunk and returns the report to `data`; a failure is reported to both sides. */
function encodeForData(
  { tokenizer, files }: Pick<Opened, "tokenizer" | "files">,
  chunk: TextChunk,
  toTrain: MessagePort,
): ChunkDoneWithBuffer {
  const { job, index, chunks } = chunk;
  const rows = chunk.texts.length;
  try {
    if (!chunk.lengthsOnly) {
      send(toTrain, chunk.masks ? withMasks(chunk, maskToken(files)) : chunk, tokenizer);
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

/** A chunk with its texts cleaned as it asks. */
function cleaned(chunk: TextChunk): TextChunk {
  const clean = chunk.clean ? textCleaner(chunk.clean) : null;
  if (clean === null) return chunk;
  return { ...chunk, texts: chunk.texts.map(clean), pairs: chunk.pairs?.map(clean) ?? null };
}

/** A chunk whose masked words are the mask token. */
function withMasks(chunk: TextChunk, token: string): TextChunk {
  const own = (texts: string[]) => texts.map((text) => withMaskToken(text, token));
  return { ...chunk, texts: own(chunk.texts), pairs: chunk.pairs && own(chunk.pairs) };
}

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
