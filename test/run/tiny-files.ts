import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";

/** The tiny reference checkpoint with a tokenizer, in a browser. */
export async function tinyFiles(): Promise<File[]> {
  const tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...Array.from({ length: 992 }, (_, i) => `w${i}`)];
  const tokenizer = {
    added_tokens: tokens.slice(0, 5).map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    model: { type: "WordPiece", unk_token: "[UNK]", vocab: Object.fromEntries(tokens.map((token, id) => [token, id])) },
  };
  return [
    new File([JSON.stringify(config)], "config.json"),
    new File([JSON.stringify(tokenizer)], "tokenizer.json"),
    new File([await (await fetch(weightsUrl)).blob()], "model.safetensors"),
  ];
}
