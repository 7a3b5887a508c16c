import { BertNormalizer, Tokenizer as Library } from "@huggingface/tokenizers";
import { isObject, type JsonObject } from "../io/json-object.ts";
import { Charsmap } from "./charsmap.ts";
import { emptyTokenizer } from "./empty-tokenizer.ts";
import { isSpaceAt, WHITE_SPACE } from "./white-space.ts";

/** The steps of a tokenizer.json's normalizer that matter to other parts. */
interface NormalizerFacts {
  lowercase: boolean;
  /** Whether spaces are put around Chinese characters. */
  splitsChinese: boolean;
  /** null: accents are stripped where the text is lower-cased. */
  stripsAccents: boolean | null;
}

/**
 * Reads the facts from a parsed tokenizer.json; a sequence of normalizers does what any of its members does.
 */
export function normalizerFacts(tokenizer: JsonObject): NormalizerFacts {
  const facts: NormalizerFacts = { lowercase: false, splitsChinese: false, stripsAccents: null };
  const visit = (normalizer: unknown): void => {
    if (!isObject(normalizer)) return;
    if (normalizer.type === "Lowercase") facts.lowercase = true;
    if (normalizer.type === "StripAccents") facts.stripsAccents = true;
    if (normalizer.type === "BertNormalizer") {
      facts.lowercase ||= normalizer.lowercase === true;
      facts.splitsChinese ||= normalizer.handle_chinese_chars === true;
      if (typeof normalizer.strip_accents === "boolean") facts.stripsAccents = normalizer.strip_accents;
    }
    if (Array.isArray(normalizer.normalizers)) normalizer.normalizers.forEach(visit);
  };
  visit(tokenizer.normalizer);
  return facts;
}

/** Changes the characters of a text before it is cut into words. */
type Normalize = (text: string) => string;

/** The Chinese characters beyond the basic plane, as listed in the Rust library's `is_chinese_char`. */
const astralChinese = /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;
const capitalSigma = /\u03A3/g;
const spacesBefore = new RegExp(`^${WHITE_SPACE}+`, "u");

/** Lower-cases as Rust does, character by character; JavaScript writes a sigma at the end of a word as ς. */
const lowerCased = (text: string) => text.replace(capitalSigma, "\u03C3").toLowerCase();

/** The normalizers in which the library differs from the Rust one; others are left to it. */
const kinds: Partial<Record<string, (config: JsonObject) => Normalize>> = {
  Sequence({ normalizers }) {
    const steps = (Array.isArray(normalizers) ? normalizers : []).map(createNormalizer);
    return (text) => steps.reduce((changed, step) => step(changed), text);
  },
  Precompiled({ precompiled_charsmap: base64 }) {
    if (typeof base64 !== "string") return (text) => text;
    const charsmap = new Charsmap(base64);
    return (text) => charsmap.normalize(text);
  },
  Strip: ({ strip_left: left, strip_right: right }) => {
    // The end is looked for from its last character: a pattern would look at each run of spaces.
    return (text) => {
      const begun = left === true ? text.replace(spacesBefore, "") : text;
      let end = begun.length;
      if (right === true) while (end > 0 && isSpaceAt(begun, end - 1)) end--;
      return begun.slice(0, end);
    };
  },
  Lowercase: () => lowerCased,
  Prepend:
    ({ prepend }) =>
    (text) =>
      text === "" ? text : String(prepend) + text,
  BertNormalizer(config) {
    // The library tests UTF-16 units, so it finds no Chinese character beyond the basic plane to put spaces around.
    const splitsChinese = config.handle_chinese_chars === true;
    const library = new BertNormalizer({ ...config, type: "BertNormalizer" });
    return (text) => {
      const spaced = splitsChinese ? text.replace(astralChinese, " $& ") : text;
      // Spaces and σ are left as they are by what follows.
      return library.normalize(config.lowercase === true ? spaced.replace(capitalSigma, "\u03C3") : spaced);
    };
  },
};

/** The normalizer of a tokenizer.json; null in the file stands for none. Throws for unknown kinds. */
export function createNormalizer(config: unknown): Normalize {
  if (!isObject(config)) return (text) => text;
  const known = typeof config.type === "string" ? kinds[config.type] : undefined;
  if (known !== undefined) return known(config);
  const { normalizer } = new Library({ ...emptyTokenizer, normalizer: config }, {});
  if (normalizer === null) throw new Error("The normalizer is of no known kind.");
  return (text) => normalizer.normalize(text);
}

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
 * Chinese characters, its BERT tokenizers follow the latter; byte-level ones do so for the space before a text. What is not stated stays as tokenizer.json has it.
 *
 * @returns tokenizer.json with those settings, and the names of the settings that differed
 */
export function withStatedSettings(json: JsonObject, config: JsonObject): { json: JsonObject; overridden: string[] } {
  const { normalizer, pre_tokenizer: preTokenizer } = json;
  const { tokenizer_class: name, add_prefix_space: addsSpace } = config;
  if (typeof name === "string" && GENERIC_CLASS.test(name)) return { json, overridden: [] };
  if (isObject(preTokenizer) && preTokenizer.type === "ByteLevel" && typeof addsSpace === "boolean") {
    if ((preTokenizer.add_prefix_space === true) === addsSpace) return { json, overridden: [] };
    const changed = { ...preTokenizer, add_prefix_space: addsSpace };
    return { json: { ...json, pre_tokenizer: changed }, overridden: ["add_prefix_space"] };
  }
  if (!isObject(normalizer) || normalizer.type !== "BertNormalizer") return { json, overridden: [] };
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
