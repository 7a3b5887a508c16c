import { useMemo } from "react";
import { Select } from "@mantine/core";
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

/** More options than this are not laid out: who looks for another class types a part of its name. */
const mostOptions = 100;

/** Chooses among the classes that misclassified rows have, with their number of such rows, the most first. */
export function ErrorClassSelect({ label, wrong, of, labelNames, value, onChange }: ErrorClassSelectProps) {
  const options = useMemo(
    () =>
      wrongByClass(wrong, of).map(({ index, rows }) => ({
        value: String(index),
        label: `${labelNames[index] ?? `class ${index}`} (${wholeText(rows)})`,
      })),
    [wrong, of, labelNames],
  );
  return (
    <Select
      label={label}
      placeholder={options.length > mostOptions ? `any of ${wholeText(options.length)}: type a name` : "any"}
      nothingFoundMessage="No such class among these rows"
      clearable
      searchable
      limit={mostOptions}
      data={options}
      value={value === null ? null : String(value)}
      onChange={(chosen) => onChange(chosen === null ? null : Number(chosen))}
    />
  );
}
