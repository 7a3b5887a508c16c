import { Normalizer } from "@huggingface/tokenizers";
import { isObject, type JsonObject } from "../io/json-object.ts";

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

/** The Chinese characters beyond the basic plane, as listed in the Rust library's `is_chinese_char`. */
const astralChinese = /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;
const capitalSigma = /\u03A3/g;

/**
 * The normalizer of the JavaScript library, preceded by the two steps in which it differs from the Rust one:
 *
 * - It tests UTF-16 units, so it finds no Chinese character beyond the basic plane to put spaces around.
 * - It lower-cases whole strings, where JavaScript writes a sigma at the end of a word as ς; Rust lower-cases
 *   character by character and writes σ.
 *
 * Both steps come first because the library's own leave spaces and σ as they are.
 */
export class FaithfulNormalizer extends Normalizer {
  private readonly inner: Normalizer;
  private readonly facts: NormalizerFacts;

  constructor(inner: Normalizer, facts: NormalizerFacts) {
    super(inner.config);
    this.inner = inner;
    this.facts = facts;
  }

  override normalize(text: string): string {
    let mended = text;
    if (this.facts.splitsChinese) mended = mended.replace(astralChinese, " $& ");
    if (this.facts.lowercase) mended = mended.replace(capitalSigma, "\u03C3");
    return this.inner.normalize(mended);
  }
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
