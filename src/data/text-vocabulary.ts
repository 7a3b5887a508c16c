/** What a task of texts knows of a tokenizer's vocabulary, by token id. */
export interface TextVocabulary {
  /** The token that stands for a hidden one, e.g. "[MASK]"; its id is null where the vocabulary lacks it. */
  maskToken: string;
  maskId: number | null;
  /** Special tokens, which are neither chosen nor drawn: 1, else 0 [vocabulary]. */
  special: Uint8Array;
  /** Pieces that go on the word of the piece before them ("##ing"): 1, else 0 [vocabulary]. */
  continuation: Uint8Array;
}
