import { Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { foundClasses } from "../../classes/class-list.ts";
import { wholeText } from "../../figures.ts";

interface ClassSelectProps {
  label: string;
  /** Number of rows of each class that has some, in the order of the options. */
  counts: readonly { index: number; rows: number }[];
  labelNames: readonly string[];
  value: number | null;
  onChange: (value: number | null) => void;
}

/** At most this many options are laid out; other classes are found by a part of their name. */
const mostOptions = 100;

/** Chooses among the classes of misclassified rows, with the number of rows of each. */
export function ClassSelect({ label, counts, labelNames, value, onChange }: ClassSelectProps) {
  const [search, setSearch] = useState("");
  const options = useMemo(() => {
    const rowsOf = new Map(counts.map(({ index, rows }) => [index, rows]));
    const optionOf = (index: number) => ({
      value: String(index),
      label: `${labelNames[index] ?? `class ${index}`} (${wholeText(rowsOf.get(index) ?? 0)})`,
    });
    const all = counts.map(({ index }) => index);
    const chosen = value === null ? [] : [optionOf(value)];
    // The field shows a chosen class by its whole label, which is not a search.
    const found = chosen[0]?.label === search ? all : foundClasses(all, labelNames, search);
    const first = found.slice(0, mostOptions).map(optionOf);
    return [...first, ...chosen.filter(({ value }) => first.every((option) => option.value !== value))];
  }, [counts, labelNames, search, value]);
  return (
    <Select
      label={label}
      placeholder={counts.length > mostOptions ? `any of ${wholeText(counts.length)}: type a name` : "any"}
      nothingFoundMessage="No such class among these rows"
      clearable
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      limit={mostOptions}
      data={options}
      value={value === null ? null : String(value)}
      onChange={(chosen) => onChange(chosen === null ? null : Number(chosen))}
    />
  );
}
