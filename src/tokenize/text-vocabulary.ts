import type { TextVocabulary } from "../data/text-vocabulary.ts";
import { isObject, parseObject, type JsonObject } from "../io/json-object.ts";
import { bytesOf } from "./byte-alphabet.ts";
import { specialTokens } from "./special-tokens.ts";
import type { TokenizerFiles } from "./tokenizer.ts";
import { vocabularyIds } from "./vocabulary-ids.ts";

/** Signs, which are words of their own, and characters of scripts that put no spaces between words. */
const STARTS_WORD =
  /^[\p{P}\p{S}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * What a task of texts needs of a tokenizer's vocabulary: the mask token, the special tokens, and which pieces continue a
 * word. WordPiece marks those that do; byte-level and SentencePiece vocabularies mark the space before a word, so there
 * all other pieces continue one but for signs and characters of scripts without spaces.
 *
 * @param size rows of the word embedding; ids without a token are taken for special
 */
export function textVocabulary(files: TokenizerFiles, size: number): TextVocabulary {
  const json = parseObject(files.tokenizerJson, "tokenizer.json");
  const config = parseObject(files.tokenizerConfigJson, "tokenizer_config.json");
  const ids = vocabularyIds(json);
  const special = new Uint8Array(size).fill(1);
  const continuation = new Uint8Array(size);
  const continues = continuesWord(json);
  for (const [token, id] of ids) {
    special[id] = 0;
    if (continues(token)) continuation[id] = 1;
  }
  for (const added of Array.isArray(json.added_tokens) ? (json.added_tokens as unknown[]) : []) {
    if (!isObject(added) || typeof added.content !== "string") continue;
    const id = ids.get(added.content) ?? size;
    special[id] = added.special === true ? 1 : 0;
    continuation[id] = 0;
  }
  const { mask: maskToken = "[MASK]" } = specialTokens(json, config, ids);
  const id = ids.get(maskToken);
  const maskId = id !== undefined && id < size ? id : null;
  if (maskId !== null) special[maskId] = 1;
  return { maskToken, maskId, special, continuation };
}

/** Whether a piece of the model's vocabulary goes on the word of the piece before it. */
function continuesWord(json: JsonObject): (piece: string) => boolean {
  const model = isObject(json.model) ? json.model : {};
  if (typeof model.continuing_subword_prefix === "string" && model.continuing_subword_prefix !== "") {
    const prefix = model.continuing_subword_prefix;
    return (piece) => piece.startsWith(prefix) && piece !== prefix;
  }
  if (uses(json.pre_tokenizer, "ByteLevel")) {
    return (piece) => {
      const [first = 0x20] = bytesOf(piece);
      // Bytes beyond ASCII begin, or go on, letters of other scripts.
      return first >= 0x80 || /[A-Za-z0-9]/.test(String.fromCharCode(first));
    };
  }
  const sign = "\u2581";
  return (piece) => !piece.startsWith(sign) && !STARTS_WORD.test(piece);
}

/** Whether a pre-tokenizer, or one of a sequence, is of this type. */
function uses(preTokenizer: unknown, type: string): boolean {
  if (!isObject(preTokenizer)) return false;
  const { pretokenizers: parts } = preTokenizer;
  return preTokenizer.type === type || (Array.isArray(parts) && parts.some((part) => uses(part, type)));
}
