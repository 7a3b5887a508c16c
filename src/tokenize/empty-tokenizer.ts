/** A tokenizer.json without parts, from which the library makes one part that is put in. */
export const emptyTokenizer = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: "WordPiece", vocab: {}, unk_token: "" },
};
