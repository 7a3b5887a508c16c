import { NativeSelect, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { wholeText } from "../figures.ts";
import { classOrder, foundClasses, orderedClasses, type ClassOrder } from "./class-list.ts";
import styles from "./classes.module.css";

/** Controls above a list of many classes: search, order, and the number of classes shown. */
export function ClassControls({ list }: { list: ClassList }) {
  const { shown, count: all, search, setSearch, orders, order, setOrder } = list;
  return (
    <div className={styles.controls}>
      <TextInput
        size="xs"
        type="search"
        label="Search classes"
        placeholder="Part of a name"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        label="Order"
        data={orders.map(({ label }) => label)}
        value={order}
        onChange={(event) => setOrder(event.currentTarget.value)}
      />
      <p role="status">
        {search.trim() === ""
          ? `All ${wholeText(all)} classes`
          : `${wholeText(shown.length)} of ${wholeText(all)} classes`}
      </p>
    </div>
  );
}

/** A list of classes with a search and an order. */
interface ClassList {
  /** The places of the classes that are shown, in order. */
  shown: readonly number[];
  /** Number of all classes. */
  count: number;
  search: string;
  setSearch: (search: string) => void;
  orders: readonly ClassOrder[];
  /** Label of the present order. */
  order: string;
  setOrder: (label: string) => void;
}

/** @param orders the first is the initial order; must be the same array until the keys change */
export function useClassList(names: readonly string[], orders: readonly ClassOrder[]): ClassList {
  const [search, setSearch] = useState("");
  const [chosen, setOrder] = useState<string | null>(null);
  const order = orders.find(({ label }) => label === chosen) ?? orders[0] ?? classOrder;
  const ordered = useMemo(() => orderedClasses(names.length, order), [names, order]);
  const shown = useMemo(() => foundClasses(ordered, names, search), [ordered, names, search]);
  return { shown, count: names.length, search, setSearch, orders, order: order.label, setOrder };
}
