import { isObject, parseObject, type JsonObject } from "../io/json-object.ts";
import { normalizerFacts, withStatedSettings } from "../tokenize/normalizer.ts";
import { specialTokens } from "../tokenize/special-tokens.ts";
import { vocabularyIds } from "../tokenize/vocabulary-ids.ts";

/** What tokenizer_config.json says of the model, and which class its family has. */
interface ReadingModel {
  /** Most tokens that the model can read. */
  maxPositions: number;
  /** Segment types that it has a vector for; 0 where it takes none. */
  segmentTypes: number;
  /** Class of transformers' tokenizer, where no file names one. */
  tokenizerClass: string;
}

/** The class of transformers that reads tokenizer.json as it is. */
const GENERIC = "PreTrainedTokenizerFast";
/** Classes that transformers does the same with. */
const genericClasses = [GENERIC, "PreTrainedTokenizer", "TokenizersBackend"];

/** The values that transformers assumes for a BertNormalizer where tokenizer_config.json has none. */
const assumed = { do_lower_case: true, strip_accents: null, tokenize_chinese_chars: true };

/**
 * tokenizer_config.json for the exported folder: the one that came in with what else transformers needs to make the same
 * tokens, or a small one where none came.
 *
 * - Of a BERT normalizer transformers follows three settings of this file where tokenizer.json says otherwise, and so
 *   does a training here; but where the file says nothing transformers assumes values, and would predict from other
 *   tokens than the model was trained on. So those that are not stated are written as tokenizer.json has them.
 * - Classes of other families may build their own steps in place of tokenizer.json's (ALBERT's and DeBERTa's do so since
 *   transformers 5). The generic class is named instead, which knows no special tokens by itself: they are written.
 *
 * A file that needs none of it is passed on unchanged, to the byte.
 *
 * @param given text of the file that came in, or null
 * @param tokenizerJson text of tokenizer.json
 * @throws Problem when one of the files is no JSON object
 */
export function tokenizerConfigJson(given: string | null, tokenizerJson: string, model: ReadingModel): string {
  const tokenizer = parseObject(tokenizerJson, "tokenizer.json");
  const config: JsonObject =
    given === null
      ? { tokenizer_class: model.tokenizerClass, model_max_length: model.maxPositions }
      : parseObject(given, "tokenizer_config.json");
  const changes = isWordPiece(tokenizer) ? disagreements(config, tokenizer) : {};
  if (isGeneric(config, tokenizer)) Object.assign(changes, genericSettings(config, tokenizer, model));
  const isUnchanged = Object.entries(changes).every(
    ([key, value]) => JSON.stringify(config[key]) === JSON.stringify(value),
  );
  return given !== null && isUnchanged ? given : `${JSON.stringify({ ...config, ...changes }, null, 2)}\n`;
}

/**
 * tokenizer.json for the exported folder: the text that came in, but for the space before a text where the other file
 * overrides it, since the class named on export follows tokenizer.json alone.
 */
export function exportedTokenizerJson(given: string | null, tokenizerJson: string): string {
  const tokenizer = parseObject(tokenizerJson, "tokenizer.json");
  if (isWordPiece(tokenizer)) return tokenizerJson;
  const { json, overridden } = withStatedSettings(tokenizer, parseObject(given ?? "{}", "tokenizer_config.json"));
  return overridden.length === 0 ? tokenizerJson : JSON.stringify(json);
}

function isWordPiece({ normalizer }: JsonObject): boolean {
  return isObject(normalizer) && normalizer.type === "BertNormalizer";
}

/** Whether the generic class is to read the folder: where it is named already, and for all but BERT's normalizer. */
function isGeneric(config: JsonObject, tokenizer: JsonObject): boolean {
  return !isWordPiece(tokenizer) || genericClasses.includes(String(config.tokenizer_class));
}

/** What the generic class has to be told; what the file states stays. */
function genericSettings(config: JsonObject, tokenizer: JsonObject, model: ReadingModel): JsonObject {
  const tokens = specialTokens(tokenizer, config, vocabularyIds(tokenizer));
  const { pre_tokenizer: preTokenizer } = withStatedSettings(tokenizer, config).json;
  const inputs = ["input_ids", ...(model.segmentTypes > 1 ? ["token_type_ids"] : []), "attention_mask"];
  const settings: JsonObject = {
    model_max_length: model.maxPositions,
    model_input_names: inputs,
    ...Object.fromEntries(Object.entries(tokens).map(([role, token]) => [`${role}_token`, token])),
    // Transformers 4 follows this in place of tokenizer.json, and takes it for false where it is not stated.
    ...(isObject(preTokenizer) &&
      preTokenizer.type === "ByteLevel" && { add_prefix_space: preTokenizer.add_prefix_space === true }),
  };
  const isMissing = ([key]: [string, unknown]) => (config[key] ?? null) === null || key === "add_prefix_space";
  const missing = Object.entries(settings).filter(isMissing);
  const isNamed = genericClasses.includes(String(config.tokenizer_class));
  return { ...(isNamed ? {} : { tokenizer_class: GENERIC }), ...Object.fromEntries(missing) };
}

/** The settings that transformers would take differently from what tokenizer.json does. */
function disagreements(config: JsonObject, tokenizer: JsonObject): JsonObject {
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
