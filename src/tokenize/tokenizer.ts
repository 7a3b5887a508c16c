import { Tokenizer as Library } from "@huggingface/tokenizers";
import { Problem } from "../problem/problem.ts";
import { learnFrame } from "./frame.ts";
import { isObject, parseObject } from "./json-object.ts";
import { FaithfulNormalizer, normalizerFacts } from "./normalizer.ts";
import { longestFirst } from "./truncate.ts";

/** The tokenizer files of a checkpoint, as text. */
export interface TokenizerFiles {
  tokenizerJson: string;
  /** tokenizer_config.json, or "{}". */
  tokenizerConfigJson: string;
}

/** One encoded row. */
export interface Encoded {
  /** Token ids [tokens], special tokens included. */
  ids: number[];
  /** Segment ids [tokens]. */
  types: number[];
  /** Tokens before truncation, special tokens included. */
  fullLength: number;
}

export interface Tokenizer {
  /**
   * Encodes a text, or a pair of texts, as the Rust library does with truncation "longest first" and no padding.
   *
   * @param maxLength most tokens of the row, special tokens included
   * @throws Problem when `maxLength` has no room for the special tokens
   */
  encode(text: string, pair: string | null, maxLength: number): Encoded;
  /** The token with the highest id. */
  readonly last: { token: string; id: number };
}

/**
 * Makes a tokenizer from the files of a checkpoint. Truncation and padding set in tokenizer.json are ignored.
 *
 * @throws Problem when a file is not JSON or describes no tokenizer that the library knows
 */
export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const library = openLibrary(files);
  const single = learnFrame(library, false);
  const double = learnFrame(library, true);
  // An empty text needs no library; and an empty second text must not be taken for none.
  const idsOf = (text: string) => (text === "" ? [] : library.encode(text, { add_special_tokens: false }).ids);

  return {
    last: lastToken(library),
    encode(text, pair, maxLength) {
      const frame = pair === null ? single : double;
      const room = maxLength - frame.specials;
      if (room < 0) throw tooShort(maxLength, frame.specials);
      const texts = [idsOf(text), pair === null ? [] : idsOf(pair)] as const;
      const kept = longestFirst(texts[0].length, texts[1].length, room);
      const ids: number[] = [];
      const types: number[] = [];
      for (const slot of frame.slots) {
        if ("special" in slot) {
          ids.push(slot.special);
          types.push(slot.type);
        } else {
          const text = texts[slot.text];
          for (let i = 0; i < kept[slot.text]; i++) {
            ids.push(text[i] ?? 0);
            types.push(slot.type);
          }
        }
      }
      return { ids, types, fullLength: texts[0].length + texts[1].length + frame.specials };
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

const knownModels = ["WordPiece", "BPE", "Unigram"];

function openLibrary(files: TokenizerFiles): Library {
  const json = parseObject(files.tokenizerJson, "tokenizer.json");
  const config = parseObject(files.tokenizerConfigJson, "tokenizer_config.json");
  const model = isObject(json.model) ? json.model : {};
  // Of a model it does not know the library makes a whitespace splitter, without a word.
  if (typeof model.type === "string" && !knownModels.includes(model.type)) {
    throw unusable(`Its model is of the type ${model.type}, which is not one of ${knownModels.join(", ")}`, "");
  }
  const absent = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null };
  let library: Library;
  try {
    // The decoder is for texts made of ids, which nobody asks for here: an unknown one must not matter.
    library = new Library({ ...absent, ...json, decoder: null }, config);
  } catch (error) {
    throw unusable("It describes no tokenizer that can be used here", String(error));
  }
  if (library.model === null || (model.type === "WordPiece" && library.model.unk_token_id === undefined)) {
    throw unusable("Its vocabulary has no token for unknown words", "");
  }
  if (library.normalizer !== null) {
    library.normalizer = new FaithfulNormalizer(library.normalizer, normalizerFacts(json));
  }
  return library;
}

function lastToken(library: Library): { token: string; id: number } {
  let last = { token: "", id: -1 };
  for (const [token, id] of library.get_vocab()) if (id > last.id) last = { token, id };
  return last;
}

function unusable(reason: string, details: string): Problem {
  return new Problem({
    found: `tokenizer.json cannot be used. ${reason}.`,
    expected: "A tokenizer.json as transformers' save_pretrained writes it for a BERT model is expected.",
    remedy: "Save the tokenizer with a recent version of transformers, and open the checkpoint once more.",
    details,
  });
}

function tooShort(maxLength: number, specials: number): Problem {
  return new Problem({
    found: `The max length is ${maxLength}, but every row has ${specials} special tokens.`,
    expected: `A max length of at least ${specials + 1} is expected.`,
    remedy: "Raise the max length in the recipe.",
  });
}
