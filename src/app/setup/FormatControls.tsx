import { NativeSelect } from "@mantine/core";
import type { CsvFormat, TableSummary } from "../../workers/protocol.ts";
import { useActions } from "../use-app.ts";
import styles from "./setup.module.css";

interface Option<Value> {
  value: Value;
  label: string;
}

const delimiters: Option<CsvFormat["delimiter"]>[] = [
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar |" },
];

const quotes: Option<CsvFormat["quote"]>[] = [
  { value: '"', label: 'Double "' },
  { value: "'", label: "Single '" },
  { value: "", label: "None" },
];

const headers: Option<"yes" | "no">[] = [
  { value: "yes", label: "First row" },
  { value: "no", label: "None" },
];

const encodings: Option<CsvFormat["encoding"]>[] = [
  { value: "utf-8", label: "UTF-8" },
  { value: "utf-16le", label: "UTF-16 LE" },
  { value: "utf-16be", label: "UTF-16 BE" },
  { value: "windows-1252", label: "Windows-1252" },
];

/** How the file was read, each part of which can be overruled. */
export function FormatControls({ table, locked }: { table: TableSummary; locked: boolean }) {
  const { overruleFormat } = useActions();
  const { delimiter, quote, header, encoding } = table.format;
  const overrule = (format: Partial<CsvFormat>) => void overruleFormat(format);
  const found = [delimiters, quotes, encodings].flatMap((options) =>
    options.filter(({ value }) => [delimiter, quote, encoding].includes(value)).map(({ label }) => label),
  );
  return (
    <details className={styles.details}>
      <summary>File format: {found.join(", ")}</summary>
      <div className={styles.pair}>
        <Choice
          label="Delimiter"
          options={delimiters}
          value={delimiter}
          locked={locked}
          onChoose={(value) => overrule({ delimiter: value })}
        />
        <Choice
          label="Quote"
          options={quotes}
          value={quote}
          locked={locked}
          onChoose={(value) => overrule({ quote: value })}
        />
        <Choice
          label="Header"
          options={headers}
          value={header ? "yes" : "no"}
          locked={locked}
          onChoose={(value) => overrule({ header: value === "yes" })}
        />
        <Choice
          label="Encoding"
          options={encodings}
          value={encoding}
          locked={locked}
          onChoose={(value) => overrule({ encoding: value })}
        />
      </div>
    </details>
  );
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
