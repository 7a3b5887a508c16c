/** What masking must know of a vocabulary, by token id. */
export interface MaskingVocabulary {
  maskId: number;
  /** Special tokens, which are neither chosen nor drawn: 1, else 0 [vocabulary]. */
  special: Uint8Array;
  /** Pieces that go on the word of the piece before them ("##ing"): 1, else 0 [vocabulary]. */
  continuation: Uint8Array;
}
