/** Scores of the folds of a cross-validation, summed up. */
export interface FoldSummary {
  mean: number;
  /** Standard deviation over the folds, divided by their number less one. */
  deviation: number;
  /** 95 % interval of the mean; null of a single score. */
  interval: [number, number] | null;
}

/**
 * Mean, deviation and 95 % interval of the scores of K folds × repeats. Their training rows overlap, so that the plain
 * variance of the mean is too small: the corrected resampled t-test multiplies it by 1 / n + held / trained in place of
 * 1 / n (Nadeau and Bengio 2003, Inference for the Generalization Error, section 5), with n − 1 degrees of freedom.
 *
 * @param heldShare mean number of rows that a fold scores, divided by that of those it trains on
 */
export function correctedInterval(scores: readonly number[], heldShare: number): FoldSummary {
  const n = scores.length;
  const mean = scores.reduce((sum, score) => sum + score / n, 0);
  if (n < 2) return { mean, deviation: 0, interval: null };
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile(0.975, n - 1) * Math.sqrt((1 / n + heldShare) * variance);
  return { mean, deviation: Math.sqrt(variance), interval: [mean - half, mean + half] };
}

/** The quantile of Student's t distribution: found by halving, to 1e-12. */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom);
  let [low, high] = [0, 1];
  while (studentBelow(high, freedom) < probability) high *= 2;
  while (high - low > 1e-12 * Math.max(1, high)) {
    const middle = (low + high) / 2;
    if (studentBelow(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability of a value below t ≥ 0. */
function studentBelow(t: number, freedom: number): number {
  return 1 - incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
}

/** The regularized incomplete beta function, by its continued fraction (Press et al., Numerical Recipes, section 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m < 500; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      product *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return product;
}

/** ln Γ(x), x > 0 (Lanczos 1964). */
function logGamma(x: number): number {
  const terms = [
    76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 1.208650973866179e-3,
    -5.395239384953e-6,
  ];
  const shifted = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  const series = terms.reduce((sum, term, i) => sum + term / (x + 1 + i), 1.000000000190015);
  return -shifted + Math.log((2.5066282746310005 * series) / x);
}
