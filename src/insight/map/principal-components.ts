import { createRandom } from "../../data/random.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** The principal components of some rows. */
interface PrincipalComponents {
  /** Coordinates of each row, row-major [rows, components]. */
  scores: Float32Array;
  /** Number of components: as many as were asked for, or as the rows have dimensions. */
  components: number;
  /** Variance along each component, divided by the number of rows less one [components]. */
  variances: number[];
  /** The sum over all dimensions, of which `variances` are parts. */
  totalVariance: number;
}

interface Options {
  /** Seed of the directions that the search begins with; it decides nothing where no two variances are equal. */
  seed?: number;
  /** Number of components that are exact; of the others only their span is close to the best. All where not given. */
  exact?: number;
  /** Called with the rows that were read, now and then. */
  onProgress?: (done: number) => void;
}

/** Directions beyond those that are asked for, so that the last of these converge too (Halko et al. 2011, section 4.2). */
const OVERSAMPLING = 10;
const MOST_ITERATIONS = 300;
/** How far a direction may be from an eigenvector, as a share of the largest variance. */
const TOLERANCE = 1e-9;
const ROWS_AT_ONCE = 1024;

/**
 * Principal components of rows: eigenvectors of the covariance matrix, found by subspace iteration with Rayleigh–Ritz
 * steps. The largest loading of each component is positive, as in scikit-learn.
 *
 * @param values row-major [rows · width], finite
 */
export function principalComponents(
  values: Float32Array,
  width: number,
  wanted: number,
  { seed = 0, exact = wanted, onProgress }: Options = {},
): PrincipalComponents {
  const rows = width === 0 ? 0 : values.length / width;
  const components = Math.min(wanted, width);
  const mean = meanOf(values, width);
  const covariance = covarianceOf(values, mean, onProgress);
  let totalVariance = 0;
  for (let k = 0; k < width; k++) totalVariance += covariance[k * width + k] ?? 0;
  const { vectors, values: variances } = leadingEigenvectors(
    covariance,
    width,
    { components, exact },
    createRandom(seed),
  );
  const scores = new Float32Array(rows * components);
  const centred = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) centred[k] = (values[row * width + k] ?? 0) - (mean[k] ?? 0);
    for (let c = 0; c < components; c++) scores[row * components + c] = dot(centred, vectors[c] ?? centred);
  }
  return { scores, components, variances, totalVariance };
}

function meanOf(values: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  const rows = values.length / width;
  for (let at = 0; at < values.length; at += width) {
    for (let k = 0; k < width; k++) mean[k] = (mean[k] ?? 0) + (values[at + k] ?? 0);
  }
  return mean.map((sum) => sum / rows);
}

/** Covariance matrix [width · width], divided by the number of rows less one; zeros of fewer than two rows. */
function covarianceOf(values: Float32Array, mean: Float64Array, onProgress?: (done: number) => void): Float64Array {
  const width = mean.length;
  const rows = values.length / width;
  const sums = new Float64Array(width * width);
  // Four rows at a time: each sum is read and written once for four products.
  const block = new Float64Array(4 * width);
  for (let first = 0; first < rows; first += 4) {
    const count = Math.min(4, rows - first);
    block.fill(0);
    for (let r = 0; r < count; r++) {
      for (let k = 0; k < width; k++) block[r * width + k] = (values[(first + r) * width + k] ?? 0) - (mean[k] ?? 0);
    }
    addProducts(block, sums, width);
    if (first % ROWS_AT_ONCE === 0) onProgress?.(first);
  }
  const divisor = Math.max(1, rows - 1);
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) {
      const value = (sums[i * width + j] ?? 0) / divisor;
      sums[i * width + j] = value;
      sums[j * width + i] = value;
    }
  }
  onProgress?.(rows);
  return sums;
}

/** Adds the products of four rows [4 · width] to the upper half of `sums`. */
function addProducts(block: Float64Array, sums: Float64Array, width: number): void {
  const [second, third, fourth] = [width, 2 * width, 3 * width];
  for (let i = 0; i < width; i++) {
    const a = block[i] ?? 0;
    const b = block[second + i] ?? 0;
    const c = block[third + i] ?? 0;
    const d = block[fourth + i] ?? 0;
    const at = i * width;
    for (let j = i; j < width; j++) {
      sums[at + j] =
        (sums[at + j] ?? 0) +
        a * (block[j] ?? 0) +
        b * (block[second + j] ?? 0) +
        c * (block[third + j] ?? 0) +
        d * (block[fourth + j] ?? 0);
    }
  }
}

interface Eigenvectors {
  /** The largest first. */
  values: number[];
  vectors: Float64Array[];
}

function leadingEigenvectors(
  matrix: Float64Array,
  width: number,
  { components, exact }: { components: number; exact: number },
  random: () => number,
): Eigenvectors {
  const size = Math.min(width, components + OVERSAMPLING);
  let basis = Array.from({ length: size }, () => Float64Array.from({ length: width }, () => random() - 0.5));
  let values: number[] = [];
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    orthonormalize(basis, random);
    const images = basis.map((vector) => product(matrix, vector));
    // Rayleigh–Ritz: the eigenvectors of the matrix within the span of the basis.
    const within = basis.map((one) => images.map((image) => dot(one, image)));
    const found = symmetricEigen(within);
    values = found.values;
    const combined = (parts: readonly Float64Array[]) =>
      found.vectors.map((weights) => {
        const sum = new Float64Array(width);
        parts.forEach((part, i) => addScaled(sum, part, weights[i] ?? 0));
        return sum;
      });
    const [ritz, ritzImages] = [combined(basis), combined(images)];
    const most = Math.max(Math.abs(values[0] ?? 0), Number.MIN_VALUE);
    const isDone = ritz.slice(0, Math.min(components, exact)).every((vector, i) => {
      const image = ritzImages[i] ?? vector;
      const value = values[i] ?? 0;
      return (
        Math.sqrt(vector.reduce((sum, one, k) => sum + ((image[k] ?? 0) - value * one) ** 2, 0)) <= TOLERANCE * most
      );
    });
    basis = isDone ? ritz : ritzImages;
    if (isDone) break;
    if (iteration === MOST_ITERATIONS - 1) basis = ritz;
  }
  const vectors = basis.slice(0, components);
  vectors.forEach(turned);
  return { values: values.slice(0, components).map((value) => Math.max(0, value)), vectors };
}

/** Turns a vector so that its largest entry is positive. */
function turned(vector: Float64Array): void {
  let largest = 0;
  for (const one of vector) if (Math.abs(one) > Math.abs(largest)) largest = one;
  if (largest < 0) for (let k = 0; k < vector.length; k++) vector[k] = -(vector[k] ?? 0);
}

/** Gram–Schmidt, twice for accuracy; a vector within the span of those before it is drawn anew. */
function orthonormalize(basis: readonly Float64Array[], random: () => number): void {
  basis.forEach((vector, i) => {
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = Math.sqrt(dot(vector, vector));
      if (before > 0) scale(vector, 1 / before);
      for (let pass = 0; pass < 2; pass++) {
        for (const earlier of basis.slice(0, i)) addScaled(vector, earlier, -dot(vector, earlier));
      }
      const length = Math.sqrt(dot(vector, vector));
      if (length > 1e-10) {
        scale(vector, 1 / length);
        return;
      }
      for (let k = 0; k < vector.length; k++) vector[k] = random() - 0.5;
    }
  });
}

function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length;
  return vector.map((_, i) => dot(matrix.subarray(i * width, (i + 1) * width), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}

function addScaled(to: Float64Array, from: Float64Array, by: number): void {
  for (let k = 0; k < to.length; k++) to[k] = (to[k] ?? 0) + by * (from[k] ?? 0);
}

function scale(vector: Float64Array, by: number): void {
  for (let k = 0; k < vector.length; k++) vector[k] = (vector[k] ?? 0) * by;
}
