import { isObject, parseObject, type JsonObject } from "../io/json-object.ts";
import { specialTokens } from "./special-tokens.ts";
import type { TokenizerFiles } from "./tokenizer.ts";
import { vocabularyIds } from "./vocabulary-ids.ts";

/** Whether a token, which stands at code points `start` to `end` of a text, continues the word of the token before it. */
type ContinuesWord = (id: number, start: number, end: number, characters: readonly string[]) => boolean;

/**
 * How transformers' pipeline for tokens tells words: a WordPiece token whose text has another length than what it stands
 * for, since ## is before it, continues a word; of other vocabularies one before which there is no space.
 */
export function continuesWord(files: TokenizerFiles): ContinuesWord {
  const json = parseObject(files.tokenizerJson, "tokenizer.json");
  if (!hasPrefix(json)) {
    return (_, start, __, characters) => start > 0 && characters[start - 1] !== " " && characters[start] !== " ";
  }
  const ids = vocabularyIds(json);
  const { unk } = specialTokens(json, parseObject(files.tokenizerConfigJson, "tokenizer_config.json"), ids);
  const unknown = unk === undefined ? -1 : (ids.get(unk) ?? -1);
  const lengths = new Map([...ids].map(([token, id]) => [id, Array.from(token).length]));
  return (id, start, end) => id !== unknown && (lengths.get(id) ?? 0) !== end - start;
}

function hasPrefix({ model }: JsonObject): boolean {
  if (!isObject(model)) return false;
  const { type, continuing_subword_prefix: prefix } = model;
  return typeof prefix === "string" ? prefix !== "" : type === "WordPiece";
}
