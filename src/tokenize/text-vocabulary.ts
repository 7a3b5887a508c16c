import type { TextVocabulary } from "../data/text-vocabulary.ts";
import { isObject, parseObject } from "../io/json-object.ts";
import type { TokenizerFiles } from "./tokenizer.ts";

/**
 * What a task of texts needs of a tokenizer's vocabulary: [MASK] (or the token that tokenizer_config.json names
 * instead), the special tokens, and which pieces continue a word.
 *
 * @param size rows of the word embedding; ids without a token are taken for special
 */
export function textVocabulary(files: TokenizerFiles, size: number): TextVocabulary {
  const json = parseObject(files.tokenizerJson, "tokenizer.json");
  const config = parseObject(files.tokenizerConfigJson, "tokenizer_config.json");
  const model = isObject(json.model) ? json.model : {};
  const prefix = typeof model.continuing_subword_prefix === "string" ? model.continuing_subword_prefix : "##";
  const ids = new Map<string, number>();
  const special = new Uint8Array(size).fill(1);
  const continuation = new Uint8Array(size);
  for (const [token, id] of Object.entries(isObject(model.vocab) ? model.vocab : {})) {
    if (typeof id !== "number") continue;
    ids.set(token, id);
    special[id] = 0;
    if (prefix !== "" && token.startsWith(prefix) && token !== prefix) continuation[id] = 1;
  }
  for (const added of Array.isArray(json.added_tokens) ? json.added_tokens : []) {
    if (!isObject(added) || typeof added.id !== "number" || typeof added.content !== "string") continue;
    ids.set(added.content, added.id);
    special[added.id] = added.special === true ? 1 : 0;
  }
  const maskToken = maskTokenOf(config.mask_token);
  const id = ids.get(maskToken);
  const maskId = id !== undefined && id < size ? id : null;
  if (maskId !== null) special[maskId] = 1;
  return { maskToken, maskId, special, continuation };
}

/** tokenizer_config.json names it as a text or as an added token. */
function maskTokenOf(stated: unknown): string {
  if (typeof stated === "string") return stated;
  return isObject(stated) && typeof stated.content === "string" ? stated.content : "[MASK]";
}
