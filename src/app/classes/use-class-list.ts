import { useMemo, useState } from "react";
import { classOrder, foundClasses, orderedClasses, type ClassOrder } from "./class-list.ts";

/** A list of classes as a person searched and ordered it. */
export interface ClassList {
  /** The places of the classes that are shown, in order. */
  shown: readonly number[];
  /** Of how many. */
  count: number;
  search: string;
  setSearch: (search: string) => void;
  orders: readonly ClassOrder[];
  /** Label of the order. */
  order: string;
  setOrder: (label: string) => void;
}

/** @param orders the first is taken to begin with; the same array until other keys are meant */
export function useClassList(names: readonly string[], orders: readonly ClassOrder[]): ClassList {
  const [search, setSearch] = useState("");
  const [chosen, setOrder] = useState<string | null>(null);
  const order = orders.find(({ label }) => label === chosen) ?? orders[0] ?? classOrder;
  const ordered = useMemo(() => orderedClasses(names.length, order), [names, order]);
  const shown = useMemo(() => foundClasses(ordered, names, search), [ordered, names, search]);
  return { shown, count: names.length, search, setSearch, orders, order: order.label, setOrder };
}
