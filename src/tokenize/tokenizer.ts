import { Problem } from "../problem/problem.ts";
import type { TextLimit } from "../data/text-limit.ts";
import { keptOf, learnFrame, type Frame, type Truncation } from "./frame.ts";
import { Int32List } from "../io/int32-list.ts";
import { type JsonObject, parseObject } from "../io/json-object.ts";
import { rowsOfText } from "./long-texts.ts";
import { withStatedSettings } from "./normalizer.ts";
import { textEncoder } from "./text-encoder.ts";
import { unusable } from "./unusable.ts";

/** The tokenizer files of a checkpoint, as text. */
export interface TokenizerFiles {
  tokenizerJson: string;
  /** tokenizer_config.json, or "{}". */
  tokenizerConfigJson: string;
  /** Segment types that the model has a vector for, 0 where it takes none; 2 where not given. */
  segmentTypes?: number;
}

/** One encoded row. */
interface Encoded {
  /** Token ids [tokens], special tokens included. */
  ids: number[];
  /** Segment ids [tokens]. */
  types: number[];
  /** Tokens before truncation, special tokens included. */
  fullLength: number;
}

/** Encoded rows laid end to end: token ids and segment ids [tokens], special tokens included, and each row's end [rows]. */
interface EncodedTokens {
  ids: Int32List;
  types: Int32List;
  rowEnds: Int32List;
  /**
   * Where given, gets the start and the end of each token in its text [2 · tokens], in code points, and 0 twice for
   * special tokens: the offsets of the Rust library. That takes several times as long, so only who needs them asks.
   */
  spans?: Int32List;
}

/** The rows of a text: for each of them the stretches of the first and of the second text. */
type RowsOf = (first: number, second: number, room: number) => ReturnType<typeof rowsOfText>;

export interface Tokenizer {
  /**
   * Adds a text, or a pair of texts, to the rows, without padding: one row, which is cut as the Rust library does it
   * with truncation "longest first" unless the limit says otherwise, or several windows.
   *
   * @returns tokens before truncation, special tokens included
   * @throws Problem when the max length has no room for the special tokens, or windows have too large an overlap
   */
  append(text: string, pair: string | null, limit: TextLimit, rows: EncodedTokens): number;
  /** Encodes one row by itself. A pair of which only one text may be shortened can stay longer than `maxLength`. */
  encode(text: string, pair: string | null, maxLength: number, truncation?: Truncation): Encoded;
  /** The token with the highest id. */
  readonly last: { token: string; id: number };
}

/**
 * Makes a tokenizer from the files of a checkpoint. Truncation and padding set in tokenizer.json are ignored.
 *
 * @param remembers whether words are tokenized once; without that every text goes the whole way, to the same ids
 * @throws Problem when a file is not JSON or describes no tokenizer that is known here
 */
export function createTokenizer(files: TokenizerFiles, remembers = true): Tokenizer {
  try {
    return buildTokenizer(files, remembers);
  } catch (error) {
    if (error instanceof Problem) throw error;
    // The library accepts most files unchecked, and fails where something is missing.
    throw unusable(NOT_USABLE, String(error));
  }
}

/** A sample that every part of a tokenizer must handle: capitals, accents, signs, digits, Chinese, and characters beyond 16 bits. */
const TRIAL = "The café’s soup, No. 12, wasn't [dull]! 汤 🙂 aab";

function buildTokenizer(files: TokenizerFiles, remembers: boolean): Tokenizer {
  const config = parseObject(files.tokenizerConfigJson, "tokenizer_config.json");
  const { json } = withStatedSettings(parseObject(files.tokenizerJson, "tokenizer.json"), config);
  const { ids, append: appendIds, appendWithSpans } = textEncoder(json, config, remembers);
  const [single, double] = [false, true].map((pair) => withTypes(learnFrame(json, ids, pair), files, config));
  if (single === undefined || double === undefined) throw new Error("Both frames were expected.");
  const last = lastToken(ids);
  appendIds(TRIAL, new Int32List(64));
  // The ids of the first and the second text, and the spans of their tokens; reused for every row.
  const texts = [new Int32List(512), new Int32List(512)] as const;
  const places = [new Int32List(0), new Int32List(0)] as const;
  const read = (text: string, which: 0 | 1, hasSpans: boolean) => {
    texts[which].length = places[which].length = 0;
    if (hasSpans) appendWithSpans(text, texts[which], places[which]);
    else appendIds(text, texts[which]);
  };

  const appendRows = (text: string, pair: string | null, maxLength: number, rowsOf: RowsOf, into: EncodedTokens) => {
    const { ids, types, rowEnds, spans } = into;
    const frame = pair === null ? single : double;
    if (!frame.fits) throw tooFewTypes(files.segmentTypes ?? 2);
    const room = maxLength - frame.specials;
    if (room < 0) throw tooShort(maxLength, frame.specials);
    texts[1].length = 0;
    read(text, 0, spans !== undefined);
    if (pair !== null) read(pair, 1, spans !== undefined);
    for (const kept of rowsOf(texts[0].length, texts[1].length, room)) {
      for (const slot of frame.slots) {
        if ("special" in slot) {
          ids.push(slot.special);
          types.push(slot.type);
          spans?.push(0);
          spans?.push(0);
          continue;
        }
        const { values } = texts[slot.text];
        const { values: placed } = places[slot.text];
        for (const { from, to } of kept[slot.text]) {
          for (let i = from; i < to; i++) {
            ids.push(values[i] ?? 0);
            types.push(slot.type);
            spans?.push(placed[2 * i] ?? 0);
            spans?.push(placed[2 * i + 1] ?? 0);
          }
        }
      }
      rowEnds.push(ids.length);
    }
    return texts[0].length + texts[1].length + frame.specials;
  };

  return {
    last,
    append(text, pair, limit, rows) {
      const rowsOf: RowsOf = (first, second, room) =>
        rowsOfText({ first, second: pair === null ? null : second }, room, limit);
      return appendRows(text, pair, limit.maxLength, rowsOf, rows);
    },
    encode(text, pair, maxLength, truncation = "longest_first") {
      const rows = { ids: new Int32List(maxLength), types: new Int32List(maxLength), rowEnds: new Int32List(1) };
      const rowsOf: RowsOf = (first, second, room) => {
        const [keptFirst, keptSecond] = keptOf(first, second, room, truncation);
        return [[[{ from: 0, to: keptFirst }], [{ from: 0, to: keptSecond }]]];
      };
      const fullLength = appendRows(text, pair, maxLength, rowsOf, rows);
      return { ids: [...rows.ids.toArray()], types: [...rows.types.toArray()], fullLength };
    },
  };
}

/**
 * Checks that every id the tokenizer can give has a row in the embedding.
 *
 * @param vocabularySize rows of the word embedding
 * @throws Problem naming the token that is beyond
 */
export function checkTokenIds(tokenizer: Tokenizer, vocabularySize: number): void {
  const { token, id } = tokenizer.last;
  if (id < vocabularySize) return;
  throw new Problem({
    found: `The tokenizer has ids up to ${id} (token ${JSON.stringify(token)}), but the model's embedding has ${vocabularySize} rows.`,
    expected: `Ids from 0 to ${vocabularySize - 1} are expected.`,
    remedy: "Take tokenizer.json and the weights from the same checkpoint.",
  });
}

const NOT_USABLE = "It describes no tokenizer that can be used here";

function lastToken(ids: ReadonlyMap<string, number>): { token: string; id: number } {
  let last = { token: "", id: -1 };
  for (const [token, id] of ids) if (id > last.id) last = { token, id };
  return last;
}

/**
 * A frame with the segment types that the model gets: those of the tokenizer, or none but the first where the model has
 * none and where tokenizer_config.json leaves token_type_ids out of the model's inputs, as transformers then does.
 */
function withTypes(frame: Frame, { segmentTypes = 2 }: TokenizerFiles, config: JsonObject): Frame & { fits: boolean } {
  const inputs = config.model_input_names;
  const hasTypes = segmentTypes > 0 && (!Array.isArray(inputs) || inputs.includes("token_type_ids"));
  const slots = hasTypes ? frame.slots : frame.slots.map((slot) => ({ ...slot, type: 0 }));
  return { ...frame, slots, fits: segmentTypes === 0 || slots.every(({ type }) => type < segmentTypes) };
}

function tooFewTypes(segmentTypes: number): Problem {
  return new Problem({
    found: `The model knows ${segmentTypes} segment ${segmentTypes === 1 ? "type" : "types"} (type_vocab_size), and its tokenizer gives second texts another.`,
    expected: "Pairs of texts need a model with two segment types.",
    remedy:
      "Leave the second text out, or join both texts in one column, or choose a checkpoint with type_vocab_size 2.",
  });
}

function tooShort(maxLength: number, specials: number): Problem {
  return new Problem({
    found: `The max length is ${maxLength}, but every row has ${specials} special tokens.`,
    expected: `A max length of at least ${specials + 1} is expected.`,
    remedy: "Raise the max length in the recipe.",
  });
}
