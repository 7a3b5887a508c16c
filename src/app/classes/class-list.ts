/** From so many classes on a list of them can be searched and put into an order. */
export const manyClasses = 21;

/** A way to put classes in order: the least key first, classes without a key (NaN) last. */
export interface ClassOrder {
  label: string;
  keyOf: (index: number) => number;
  /** Decides between equal keys, the least first; then the class order does. */
  tieOf?: (index: number) => number;
}

/** The order that the data has: by name, or as the checkpoint's own classifier has its classes. */
export const classOrder: ClassOrder = { label: "By class", keyOf: () => 0 };

/** The places of all classes in an order. */
export function orderedClasses(count: number, { keyOf, tieOf = () => 0 }: ClassOrder): number[] {
  const keysOf = (of: (index: number) => number) => Float64Array.from({ length: count }, (_, index) => of(index));
  const keys = keysOf((index) => {
    const key = keyOf(index);
    return Number.isNaN(key) ? Infinity : key;
  });
  const ties = keysOf(tieOf);
  const less = (values: Float64Array, a: number, b: number) => {
    const [one = 0, other = 0] = [values[a], values[b]];
    // Two infinite keys have no difference.
    return one === other ? 0 : one - other;
  };
  return [...keys.keys()].sort((a, b) => less(keys, a, b) || less(ties, a, b) || a - b);
}

/** Those of the classes whose name has the search in it, in either case and any form of its letters; all for "". */
export function foundClasses(order: readonly number[], names: readonly string[], search: string): readonly number[] {
  const wanted = plain(search.trim());
  return wanted === "" ? order : order.filter((index) => plain(names[index] ?? "").includes(wanted));
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
