/** A smooth function in float64: its value at `x`; its gradient is written into `gradient`. */
type Smooth = (x: Float64Array, gradient: Float64Array) => number;

interface Options {
  /** Ends where no part of the gradient is larger than this share of the largest at the start. */
  tolerance: number;
  mostIterations: number;
}

/** Pairs of steps and changes of the gradient that stand for the curvature. */
const PAIRS = 10;
/** Share of the predicted decrease that a step must make, and of the slope that may be left (Nocedal and Wright, 3.1). */
const DECREASE = 1e-4;
const SLOPE_LEFT = 0.9;

/**
 * Goes from `x`, in place, to the minimum of a convex function by L-BFGS (Liu and Nocedal 1989; the two loops are
 * algorithm 7.4 of Nocedal and Wright, Numerical Optimization). Yields the value after each iteration.
 */
export function* minimize(f: Smooth, x: Float64Array, { tolerance, mostIterations }: Options): Generator<number> {
  const pairs: { step: Float64Array; change: Float64Array; rho: number }[] = [];
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient);
  const enough = tolerance * largest(gradient);
  for (let iteration = 0; iteration < mostIterations && largest(gradient) > enough; iteration++) {
    const direction = towardsMinimum(gradient, pairs);
    // Without pairs the first step has the length 1 at most.
    const first = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    const found = search(f, x, { value, gradient, direction, first });
    if (!found) return;
    const step = new Float64Array(x.length);
    const change = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      step[i] = (found.x[i] ?? 0) - (x[i] ?? 0);
      change[i] = (found.gradient[i] ?? 0) - (gradient[i] ?? 0);
    }
    const curvature = dot(step, change);
    if (curvature > 0) pairs.push({ step, change, rho: 1 / curvature });
    if (pairs.length > PAIRS) pairs.shift();
    x.set(found.x);
    ({ value, gradient } = found);
    yield value;
  }
}

/** The direction of the next step: the gradient times the inverse curvature that the pairs stand for, turned. */
function towardsMinimum(
  gradient: Float64Array,
  pairs: readonly { step: Float64Array; change: Float64Array; rho: number }[],
): Float64Array {
  const direction = gradient.map((part) => -part);
  const alphas: number[] = [];
  for (const { step, change, rho } of [...pairs].reverse()) {
    const alpha = rho * dot(step, direction);
    alphas.push(alpha);
    addTo(direction, change, -alpha);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i] = scale * (direction[i] ?? 0);
  }
  for (const { step, change, rho } of pairs) {
    addTo(direction, step, (alphas.pop() ?? 0) - rho * dot(change, direction));
  }
  return direction;
}

/** A step along `direction` that meets the (weak) Wolfe conditions, by bisection; null where none is found. */
function search(
  f: Smooth,
  x: Float64Array,
  from: { value: number; gradient: Float64Array; direction: Float64Array; first: number },
): { x: Float64Array; value: number; gradient: Float64Array<ArrayBuffer> } | null {
  const slope = dot(from.gradient, from.direction);
  let [low, high, length] = [0, Infinity, from.first];
  for (let tries = 0; tries < 40; tries++) {
    const at = x.map((part, i) => part + length * (from.direction[i] ?? 0));
    const gradient = new Float64Array(x.length);
    const value = f(at, gradient);
    const falls = value <= from.value + DECREASE * length * slope;
    if (falls && dot(gradient, from.direction) >= SLOPE_LEFT * slope) return { x: at, value, gradient };
    if (falls) low = length;
    else high = length;
    length = high === Infinity ? 2 * length : (low + high) / 2;
  }
  return null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function addTo(sum: Float64Array, part: Float64Array, scale: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + scale * (part[i] ?? 0);
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
