import { isObject, type JsonObject } from "../../io/json-object.ts";
import { Problem } from "../../problem/problem.ts";
import { CONTROL, readSentencePiece, USER_DEFINED } from "./sentencepiece-file.ts";
import type { TokenRole, VocabularyForm } from "./vocabulary-form.ts";

/** The vocabulary files of a checkpoint; texts and parsed files, null or {} where there is none. */
export interface VocabularyFiles {
  /** vocab.txt: a piece per line. */
  pieces: string | null;
  /** vocab.json and merges.txt. */
  bytePairs: { vocabulary: JsonObject; merges: string } | null;
  sentencePiece: { name: string; bytes: Uint8Array } | null;
  /** tokenizer_config.json with what special_tokens_map.json says besides. */
  config: JsonObject;
  /** added_tokens.json: ids by token. */
  added: JsonObject;
  /** Whether texts are lower-cased where tokenizer_config.json does not say it. */
  lowercase: boolean;
}

interface Added {
  id: number;
  content: string;
  special: boolean;
  lstrip: boolean;
}

/** The parts of a tokenizer.json that a kind of vocabulary decides, and the ids of its tokens. */
interface Parts {
  ids: Map<string, number>;
  /** Added tokens of the vocabulary file itself. */
  added: Added[];
  json: { normalizer: object | null; pre_tokenizer: object; decoder: object; model: object };
}

/**
 * The tokenizer.json that transformers would convert these files to.
 *
 * @param form what the checkpoint's family decides
 * @throws Problem where the files hold no vocabulary of a kind that the family has, or lack its special tokens
 */
export function buildTokenizer(files: VocabularyFiles, form: VocabularyForm): string {
  const tokens = tokensOf(files.config, form);
  const { ids, added, json } = partsOf(files, form, tokens);
  const byContent = new Map(added.map((one) => [one.content, one]));
  const add = (content: string, special: boolean, lstrip = false) => {
    const id = ids.get(content) ?? nextId(ids);
    ids.set(content, id);
    byContent.set(content, { id, content, special, lstrip });
  };
  for (const [content, id] of Object.entries(files.added)) {
    if (typeof id !== "number" || ids.has(content)) continue;
    ids.set(content, id);
    byContent.set(content, { id, content, special: false, lstrip: false });
  }
  for (const token of form.sentencePiece?.furtherSpecials ?? []) if (ids.has(token)) add(token, true);
  for (const role of ["cls", "sep", "unk", "pad"] as const) add(tokens[role], true);
  add(tokens.mask, true, form.maskStripsLeft);
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...byContent.values()]
      .sort((a, b) => a.id - b.id)
      .map((one) => ({ ...one, single_word: false, rstrip: false, normalized: false })),
    normalizer: json.normalizer,
    pre_tokenizer: json.pre_tokenizer,
    post_processor: template(form, tokens, ids),
    decoder: json.decoder,
    model: json.model,
  });
}

function partsOf(files: VocabularyFiles, form: VocabularyForm, tokens: Record<TokenRole, string>): Parts {
  if (form.sentencePiece !== null && files.sentencePiece !== null) return sentencePieceParts(files, form);
  if (files.bytePairs !== null) return bytePairParts(files.bytePairs, files.config);
  if (files.pieces !== null) return wordPieceParts(files.pieces, files, tokens.unk);
  throw new Problem({
    found: "There is no tokenizer.json, and its vocabulary file is not of a kind that the model's family has.",
    expected: "A tokenizer.json was expected, for it says how text becomes tokens.",
    remedy:
      "Make one in Python with AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER), or download it from the model's page.",
  });
}

/** The special tokens: tokenizer_config.json names them as texts or as added tokens. */
function tokensOf(config: JsonObject, form: VocabularyForm): Record<TokenRole, string> {
  const named = Object.entries(form.tokens).map(([role, usual]) => {
    const stated = config[`${role}_token`];
    const content = isObject(stated) ? stated.content : stated;
    return [role, typeof content === "string" && content !== "" ? content : usual];
  });
  return Object.fromEntries(named) as Record<TokenRole, string>;
}

function wordPieceParts(text: string, { config, lowercase }: VocabularyFiles, unknown: string): Parts {
  const ids = new Map<string, number>();
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  for (const [id, token] of lines.entries()) if (token !== "") ids.set(token, id);
  const normalizer = {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: config.tokenize_chinese_chars !== false,
    strip_accents: typeof config.strip_accents === "boolean" ? config.strip_accents : null,
    lowercase: typeof config.do_lower_case === "boolean" ? config.do_lower_case : lowercase,
  };
  const model = {
    type: "WordPiece",
    unk_token: unknown,
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(ids),
  };
  const decoder = { type: "WordPiece", prefix: "##", cleanup: true };
  return { ids, added: [], json: { normalizer, pre_tokenizer: { type: "BertPreTokenizer" }, decoder, model } };
}

function bytePairParts({ vocabulary, merges }: NonNullable<VocabularyFiles["bytePairs"]>, config: JsonObject): Parts {
  const entries = Object.entries(vocabulary).filter((one): one is [string, number] => typeof one[1] === "number");
  const pairs = merges
    .split("\n")
    .map((line) => line.replace(/\r$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#version"))
    .map((line) => line.split(" "));
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: config.add_prefix_space === true,
    trim_offsets: true,
    use_regex: true,
  };
  const model = {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: "",
    end_of_word_suffix: "",
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: Object.fromEntries(entries),
    merges: pairs,
  };
  const json = { normalizer: null, pre_tokenizer: byteLevel, decoder: byteLevel, model };
  return { ids: new Map(entries), added: [], json };
}

function sentencePieceParts({ sentencePiece, config }: VocabularyFiles, form: VocabularyForm): Parts {
  if (sentencePiece === null || form.sentencePiece === null)
    throw new Error("A SentencePiece vocabulary was expected.");
  const { pieces, charsmap, unknownId } = readSentencePiece(sentencePiece.bytes, sentencePiece.name);
  const vocab = form.sentencePiece.pieces(pieces.map(({ piece, score }) => [piece, score]));
  const ids = new Map(vocab.map(([piece], id) => [piece, id]));
  // Pieces that SentencePiece never makes of a text, and those that it never cuts, are added tokens.
  const added = pieces
    .filter(({ kind }) => kind === CONTROL || kind === USER_DEFINED)
    .map(({ piece, kind }) => ({ id: ids.get(piece) ?? -1, content: piece, special: kind === CONTROL, lstrip: false }))
    .filter(({ id }) => id >= 0);
  const precompiled = { type: "Precompiled", precompiled_charsmap: base64(charsmap) };
  const normalizers = form.sentencePiece.normalizers(charsmap.length === 0 ? [] : [precompiled], config);
  const metaspace = { type: "Metaspace", replacement: "\u2581", prepend_scheme: "always", split: true };
  const model = { type: "Unigram", unk_id: form.sentencePiece.unknownId ?? unknownId, vocab, byte_fallback: false };
  const punctuation = { type: "Punctuation", behavior: "Isolated" };
  const pre_tokenizer =
    config.split_by_punct === true ? { type: "Sequence", pretokenizers: [punctuation, metaspace] } : metaspace;
  const json = { normalizer: { type: "Sequence", normalizers }, pre_tokenizer, decoder: metaspace, model };
  return { ids, added, json };
}

function template(form: VocabularyForm, { cls, sep }: Record<TokenRole, string>, ids: ReadonlyMap<string, number>) {
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const text = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special(cls, 0), text("A", 0), special(sep, 0)];
  const further = form.between === 2 ? [special(sep, 0)] : [];
  const pair = [...single, ...further, text("B", form.secondType), special(sep, form.secondType)];
  const tokens = [cls, sep].map((token) => [token, { id: token, ids: [ids.get(token)], tokens: [token] }] as const);
  return { type: "TemplateProcessing", single, pair, special_tokens: Object.fromEntries(tokens) };
}

function nextId(ids: ReadonlyMap<string, number>): number {
  let last = -1;
  for (const id of ids.values()) last = Math.max(last, id);
  return last + 1;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
