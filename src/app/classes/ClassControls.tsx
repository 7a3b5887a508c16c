import { NativeSelect, TextInput } from "@mantine/core";
import { wholeText } from "../figures.ts";
import type { ClassList } from "./use-class-list.ts";
import styles from "./classes.module.css";

/** Search and order above a list of many classes, and how many of them are in it. */
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
