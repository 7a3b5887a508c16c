import { isObject, type JsonObject } from "./json-object.ts";

/** Settings of tokenizer_config.json by the field of tokenizer.json's normalizer that they decide. */
const settings = {
  lowercase: "do_lower_case",
  strip_accents: "strip_accents",
  handle_chinese_chars: "tokenize_chinese_chars",
} as const;

/** Classes whose tokenizers are built from tokenizer.json alone. */
const GENERIC_CLASS = /^(PreTrainedTokenizer(Fast)?|TokenizersBackend)$/;

/**
 * tokenizer.json as transformers uses it: where tokenizer_config.json states another casing, treatment of accents or of
 * Chinese characters, its BERT tokenizers follow the latter. What is not stated stays as tokenizer.json has it.
 *
 * @returns tokenizer.json with those settings, and the names of the settings that differed
 */
export function withStatedSettings(json: JsonObject, config: JsonObject): { json: JsonObject; overridden: string[] } {
  const { normalizer } = json;
  const { tokenizer_class: name } = config;
  if (!isObject(normalizer) || normalizer.type !== "BertNormalizer") return { json, overridden: [] };
  if (typeof name === "string" && GENERIC_CLASS.test(name)) return { json, overridden: [] };
  const changes = Object.entries(settings).filter(([field, setting]) => {
    const value = config[setting];
    const isStated = typeof value === "boolean" || (value === null && setting === "strip_accents");
    return isStated && (normalizer[field] ?? null) !== value;
  });
  if (changes.length === 0) return { json, overridden: [] };
  const values = Object.fromEntries(changes.map(([field, setting]) => [field, config[setting]]));
  return {
    json: { ...json, normalizer: { ...normalizer, ...values } },
    overridden: changes.map(([, setting]) => setting),
  };
}
