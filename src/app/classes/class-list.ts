/** Number of classes from which on a list can be searched and sorted. */
export const manyClasses = 21;

/** An order of classes: smallest key first, classes without a key (NaN) last. */
export interface ClassOrder {
  label: string;
  keyOf: (index: number) => number;
  /** Decides between equal keys, smallest first; then the class order decides. */
  tieOf?: (index: number) => number;
}

/** The order of the data: by name, or that of the checkpoint's own classifier. */
export const classOrder: ClassOrder = { label: "By class", keyOf: () => 0 };

/** The indices of all classes in an order. */
export function orderedClasses(count: number, { keyOf, tieOf = () => 0 }: ClassOrder): number[] {
  const keysOf = (of: (index: number) => number) => Float64Array.from({ length: count }, (_, index) => of(index));
  const keys = keysOf((index) => {
    const key = keyOf(index);
    return Number.isNaN(key) ? Infinity : key;
  });
  const ties = keysOf(tieOf);
  const less = (values: Float64Array, a: number, b: number) => {
    const [one = 0, other = 0] = [values[a], values[b]];
    // The difference of two infinite keys would be NaN.
    return one === other ? 0 : one - other;
  };
  return [...keys.keys()].sort((a, b) => less(keys, a, b) || less(ties, a, b) || a - b);
}

/** The classes whose name contains the search, ignoring case and compatible forms of letters; all for "". */
export function foundClasses(order: readonly number[], names: readonly string[], search: string): readonly number[] {
  const wanted = plain(search.trim());
  return wanted === "" ? order : order.filter((index) => plain(names[index] ?? "").includes(wanted));
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
