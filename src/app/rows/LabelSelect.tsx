import { Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { foundClasses } from "../classes/class-list.ts";

/** At most this many options are laid out; others are found by a part of their name. */
const MOST_OPTIONS = 100;

interface LabelSelectProps {
  label: string;
  labelNames: readonly string[];
  value: string | null;
  onChange: (label: string | null) => void;
}

/** Chooses one of the labels, of which there may be thousands. */
export function LabelSelect({ label, labelNames, value, onChange }: LabelSelectProps) {
  const [search, setSearch] = useState("");
  const options = useMemo(() => {
    const all = labelNames.map((_, place) => place);
    const found = search === value ? all : foundClasses(all, labelNames, search);
    const names = found.slice(0, MOST_OPTIONS).map((place) => labelNames[place] ?? "");
    return value === null || names.includes(value) ? names : [...names, value];
  }, [labelNames, search, value]);
  return (
    <Select
      label={label}
      placeholder="any"
      nothingFoundMessage="No such label"
      clearable
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options: shown }) => shown}
      limit={MOST_OPTIONS}
      data={options}
      value={value}
      onChange={onChange}
    />
  );
}
