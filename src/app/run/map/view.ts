/** A place on the screen, or in the layout. */
export interface Point {
  x: number;
  y: number;
}

/** Where the layout is on the screen: screen = scale · layout + offset, with y upwards in the layout. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Pixels that stay free around all points. */
const MARGIN = 16;
/** How far one can come nearer than where all rows are seen. */
const MOST_ZOOM = 200;

/** The view in which all points are seen, with the same scale in both directions. */
export function wholeView(layout: Float32Array, { width, height }: Size): View {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < layout.length; at += 2) {
    const [x, y] = [layout[at] ?? 0, layout[at + 1] ?? 0];
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  if (left > right) return { scale: 1, x: width / 2, y: height / 2 };
  const room = (pixels: number, length: number) => Math.max(1, pixels - 2 * MARGIN) / (length || 1e-9);
  const scale = Math.min(room(width, right - left), room(height, top - bottom));
  const own = right - left === 0 && top - bottom === 0 ? 1 : scale;
  return { scale: own, x: width / 2 - (own * (left + right)) / 2, y: height / 2 + (own * (bottom + top)) / 2 };
}

/** All points on the screen [rows · 2]. */
export function onScreen(layout: Float32Array, { scale, x, y }: View): Float32Array {
  const places = new Float32Array(layout.length);
  for (let at = 0; at < layout.length; at += 2) {
    places[at] = (layout[at] ?? 0) * scale + x;
    places[at + 1] = y - (layout[at + 1] ?? 0) * scale;
  }
  return places;
}

/** The view after a zoom by which the place under `at` stays; not beyond what is seen whole, and not without end. */
export function zoomed(view: View, by: number, at: Point, whole: View): View {
  const scale = Math.min(whole.scale * MOST_ZOOM, Math.max(whole.scale, view.scale * by));
  if (scale === whole.scale) return whole;
  const own = scale / view.scale;
  return { scale, x: at.x + (view.x - at.x) * own, y: at.y + (view.y - at.y) * own };
}

export const moved = (view: View, dx: number, dy: number): View => ({ ...view, x: view.x + dx, y: view.y + dy });

/** The row whose point is nearest to a place on the screen, up to `most` pixels; null where none is. */
export function nearestRow(places: Float32Array, { x, y }: Point, most: number): number | null {
  let found: number | null = null;
  let least = most * most;
  for (let at = 0; at < places.length; at += 2) {
    const distance = ((places[at] ?? 0) - x) ** 2 + ((places[at + 1] ?? 0) - y) ** 2;
    if (distance > least) continue;
    least = distance;
    found = at / 2;
  }
  return found;
}

/** The nearest row in a direction from another: no more sideways than ahead. The same where there is none. */
export function rowTowards(places: Float32Array, from: number, { x: dx, y: dy }: Point): number {
  const [x, y] = [places[2 * from] ?? 0, places[2 * from + 1] ?? 0];
  let found = from;
  let least = Infinity;
  for (let row = 0; row < places.length / 2; row++) {
    const [ox, oy] = [(places[2 * row] ?? 0) - x, (places[2 * row + 1] ?? 0) - y];
    const ahead = ox * dx + oy * dy;
    const aside = Math.abs(ox * dy - oy * dx);
    if (ahead <= 0 || aside > ahead) continue;
    const distance = ahead + 2 * aside;
    if (distance >= least) continue;
    least = distance;
    found = row;
  }
  return found;
}

/** Rows whose points lie within a polygon on the screen, by the even-odd rule, ascending. */
export function rowsWithin(places: Float32Array, polygon: readonly Point[]): Int32Array {
  const [xs, ys] = [polygon.map(({ x }) => x), polygon.map(({ y }) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const rows: number[] = [];
  for (let at = 0; at < places.length; at += 2) {
    const [x, y] = [places[at] ?? 0, places[at + 1] ?? 0];
    if (x < left || x > right || y < top || y > bottom) continue;
    if (isWithin(x, y, xs, ys)) rows.push(at / 2);
  }
  return Int32Array.from(rows);
}

/** Rows whose points are on the screen, ascending. */
export function rowsInView(places: Float32Array, { width, height }: Size): Int32Array {
  const corners = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
  return rowsWithin(places, corners);
}

function isWithin(x: number, y: number, xs: readonly number[], ys: readonly number[]): boolean {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const [yi = 0, yj = 0, xi = 0, xj = 0] = [ys[i], ys[j], xs[i], xs[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
