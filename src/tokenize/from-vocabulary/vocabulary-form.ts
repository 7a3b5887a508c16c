/**
 * How a family's tokenizer is built where a checkpoint comes without tokenizer.json, as transformers'
 * `convert_slow_tokenizer.py` builds it.
 */
export interface VocabularyForm {
  /** Special tokens by role; the checkpoint's own files can name others. */
  tokens: Record<TokenRole, string>;
  /** Separators between the texts of a pair, and the type of the second text. */
  between: 1 | 2;
  secondType: 0 | 1;
  /** Whether the mask token takes the spaces before it. */
  maskStripsLeft: boolean;
  /** Null where the family has no SentencePiece vocabularies. */
  sentencePiece: SentencePieceForm | null;
}

export type TokenRole = "cls" | "sep" | "unk" | "pad" | "mask";

/** A piece and its score. */
type ScoredPiece = [piece: string, score: number];

interface SentencePieceForm {
  /** The vocabulary that the model has, from the pieces of the file: some families move their ids. */
  pieces(file: readonly ScoredPiece[]): ScoredPiece[];
  /** Id of the unknown token in that vocabulary; null where it is the file's own. */
  unknownId: number | null;
  /** The normalizers of tokenizer.json, in order; `charsmap` is the step of the file's map of characters, or none. */
  normalizers(charsmap: readonly object[], config: Record<string, unknown>): object[];
  /** Tokens that are special besides those with a role. */
  furtherSpecials: readonly string[];
}
