/** The probability of a logit. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The logit of a probability; infinite for 0 and 1. */
export function logitOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/**
 * Binary cross-entropy of a logit, without overflow.
 *
 * @param isTrue whether the label is there
 */
export function binaryCrossEntropy(logit: number, isTrue: boolean): number {
  const against = isTrue ? -logit : logit;
  return Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
}
