/** Points in [0, 1] and their weights, which sum to 1. */
interface Quadrature {
  points: Float64Array;
  weights: Float64Array;
}

/**
 * Gauss and Legendre's rule on [0, 1]: exact for polynomials up to the degree 2n − 1, so that smooth functions need far
 * fewer points than by sums of rectangles.
 *
 * @param count number of points n, at least 1
 */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // Tricomi's approximation of the i-th root, which Newton's method then finds.
    let root = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 20; iteration++) {
      const { value, derivative } = legendre(count, root);
      slope = derivative;
      const change = value / derivative;
      root -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    points[count - 1 - i] = (1 + root) / 2;
    weights[count - 1 - i] = 1 / ((1 - root * root) * slope * slope);
  }
  return { points, weights };
}

/** The Legendre polynomial of a degree at x in (−1, 1), and its derivative. */
function legendre(degree: number, x: number): { value: number; derivative: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= degree; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}
