/**
 * Whether the tokens of a vocab.txt have capitals, so that its tokenizer must not lower-case. Special tokens in brackets
 * do not count, nor do a few exceptions: some uncased vocabularies had tokens added by hand.
 */
export function hasCapitals(vocabulary: string): boolean {
  const tokens = vocabulary.split(/\r?\n/).filter((token) => token !== "" && !/^[[<].*[\]>]$/.test(token));
  const withCase = tokens.filter((token) => token.toLowerCase() !== token.toUpperCase());
  const capitals = withCase.filter((token) => token !== token.toLowerCase());
  return capitals.length > withCase.length / 100;
}
