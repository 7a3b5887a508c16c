import { useMemo, useState } from "react";
import { Select } from "@mantine/core";
import { foundClasses } from "../classes/class-list.ts";
import { wholeText } from "./figures.ts";
import { wrongByClass, type WrongRow } from "./wrong-rows.ts";

interface ErrorClassSelectProps {
  label: string;
  wrong: readonly WrongRow[];
  /** Which class of a row is chosen. */
  of: "truth" | "predicted";
  labelNames: readonly string[];
  value: number | null;
  onChange: (value: number | null) => void;
}

/** More options than this are neither made nor laid out: who looks for another class types a part of its name. */
const mostOptions = 100;

/** Chooses among the classes that misclassified rows have, with their number of such rows, the most first. */
export function ErrorClassSelect({ label, wrong, of, labelNames, value, onChange }: ErrorClassSelectProps) {
  const [search, setSearch] = useState("");
  const counts = useMemo(() => new Map(wrongByClass(wrong, of).map(({ index, rows }) => [index, rows])), [wrong, of]);
  const options = useMemo(() => {
    const optionOf = (index: number) => ({
      value: String(index),
      label: `${labelNames[index] ?? `class ${index}`} (${wholeText(counts.get(index) ?? 0)})`,
    });
    const all = [...counts.keys()];
    const chosen = value === null ? [] : [optionOf(value)];
    // A chosen class stands in the field by its whole label, which is no search.
    const found = chosen[0]?.label === search ? all : foundClasses(all, labelNames, search);
    const first = found.slice(0, mostOptions).map(optionOf);
    return [...first, ...chosen.filter(({ value }) => first.every((option) => option.value !== value))];
  }, [counts, labelNames, search, value]);
  return (
    <Select
      label={label}
      placeholder={counts.size > mostOptions ? `any of ${wholeText(counts.size)}: type a name` : "any"}
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
