import { NativeSelect } from "@mantine/core";
import type { FormatOverrides, TableSummary } from "../../workers/protocol.ts";
import { useActions } from "../use-app.ts";
import styles from "./setup.module.css";

interface Option<Value> {
  value: Value;
  label: string;
}

const delimiters: Option<string>[] = [
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar |" },
];

const quotes: Option<string>[] = [
  { value: '"', label: 'Double "' },
  { value: "'", label: "Single '" },
  { value: "", label: "None" },
];

const headers: Option<"yes" | "no">[] = [
  { value: "yes", label: "First row" },
  { value: "no", label: "None" },
];

const encodings: Option<string>[] = [
  { value: "utf-8", label: "UTF-8" },
  { value: "utf-16le", label: "UTF-16 LE" },
  { value: "utf-16be", label: "UTF-16 BE" },
  { value: "windows-1252", label: "Windows-1252" },
];

/** How the file was read, each part of which can be overruled. */
export function FormatControls({ table, locked }: { table: TableSummary; locked: boolean }) {
  const { overruleFormat } = useActions();
  const { delimiter, quote, header, encoding } = table.format;
  const overrule = (format: FormatOverrides) => void overruleFormat(format);
  const found = [
    [delimiters, delimiter],
    [quotes, quote],
    [encodings, encoding],
  ] as const;
  const labels = found.flatMap(([options, value]) => (value === null ? [] : [labelOf(options, value)]));
  return (
    <details className={styles.details}>
      <summary>File format: {labels.join(", ")}</summary>
      <div className={styles.pair}>
        {delimiter !== null && (
          <Choice
            label="Delimiter"
            options={withValue(delimiters, delimiter)}
            value={delimiter}
            locked={locked}
            onChoose={(value) => overrule({ delimiter: value })}
          />
        )}
        {quote !== null && (
          <Choice
            label="Quote"
            options={withValue(quotes, quote)}
            value={quote}
            locked={locked}
            onChoose={(value) => overrule({ quote: value })}
          />
        )}
        <Choice
          label="Header"
          options={headers}
          value={header ? "yes" : "no"}
          locked={locked}
          onChoose={(value) => overrule({ header: value === "yes" })}
        />
        <Choice
          label="Encoding"
          options={withValue(encodings, encoding)}
          value={encoding}
          locked={locked}
          onChoose={(value) => overrule({ encoding: value })}
        />
      </div>
    </details>
  );
}

/** What is shown for a value; one that is not among the options stands for itself. */
function labelOf(options: Option<string>[], value: string): string {
  return options.find((option) => option.value === value)?.label ?? value;
}

/** The options, with the value itself where it is none of them. */
function withValue(options: Option<string>[], value: string): Option<string>[] {
  return options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
}

interface ChoiceProps<Value extends string> {
  label: string;
  options: Option<Value>[];
  value: Value;
  locked: boolean;
  onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ label, options, value, locked, onChoose }: ChoiceProps<Value>) {
  // By place: a tab as an option's value does not survive every browser.
  return (
    <NativeSelect
      size="xs"
      label={label}
      disabled={locked}
      value={String(options.findIndex((option) => option.value === value))}
      data={options.map((option, i) => ({ value: String(i), label: option.label }))}
      onChange={(event) => {
        const chosen = options[Number(event.currentTarget.value)];
        if (chosen) onChoose(chosen.value);
      }}
    />
  );
}
