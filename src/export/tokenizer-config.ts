import { isObject, parseObject } from "../io/json-object.ts";
import { withStatedSettings, normalizerFacts } from "../tokenize/normalizer.ts";

/** The values that transformers assumes for a BertNormalizer where tokenizer_config.json has none. */
const assumed = { do_lower_case: true, strip_accents: null, tokenize_chinese_chars: true };

/**
 * tokenizer_config.json for the exported folder: the one that came in, or a small one where none came.
 *
 * transformers follows three settings of this file where tokenizer.json says otherwise, and so does a training here;
 * but where the file says nothing transformers assumes values, and would predict from other tokens than the model was
 * trained on. So those that are not stated are written as tokenizer.json has them; a file that needs none is passed on
 * unchanged, to the byte.
 *
 * @param given text of the file that came in, or null
 * @param tokenizerJson text of tokenizer.json
 * @param maxPositions most tokens the model can read
 * @param tokenizerClass class of transformers' tokenizer, where no file came in
 * @throws Problem when one of the files is no JSON object
 */
export function tokenizerConfigJson(
  given: string | null,
  tokenizerJson: string,
  maxPositions: number,
  tokenizerClass: string,
): string {
  const tokenizer = parseObject(tokenizerJson, "tokenizer.json");
  const config =
    given === null
      ? { tokenizer_class: tokenizerClass, model_max_length: maxPositions }
      : parseObject(given, "tokenizer_config.json");
  const mended = { ...config, ...disagreements(config, tokenizer) };
  const unchanged = given !== null && Object.keys(disagreements(config, tokenizer)).length === 0;
  return unchanged ? given : `${JSON.stringify(mended, null, 2)}\n`;
}

/** The settings that transformers would take differently from what tokenizer.json does. */
function disagreements(config: Record<string, unknown>, tokenizer: Record<string, unknown>): Record<string, unknown> {
  const { normalizer } = tokenizer;
  if (!isObject(normalizer) || normalizer.type !== "BertNormalizer") return {};
  const facts = normalizerFacts(withStatedSettings(tokenizer, config).json);
  const actual = {
    do_lower_case: facts.lowercase,
    strip_accents: facts.stripsAccents,
    tokenize_chinese_chars: facts.splitsChinese,
  };
  const stated = { ...assumed, ...config };
  return Object.fromEntries(
    Object.entries(actual).filter(([key, value]) => stated[key as keyof typeof actual] !== value),
  );
}
