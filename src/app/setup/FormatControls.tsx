import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FormatOverrides, TableSummary } from "../../workers/protocol.ts";
import { encodings, delimiters, formatText, quotes, type Option } from "./format-words.ts";
import styles from "./setup.module.css";

const headers: readonly Option<string>[] = [
  { value: "yes", label: "First row" },
  { value: "no", label: "None" },
];

interface FormatControlsProps {
  table: TableSummary;
  locked: boolean;
  onChoose: (format: FormatOverrides) => void;
  title?: string;
}

/** How the file was read, each part of which can be overridden. */
export function FormatControls({ table, locked, onChoose, title = "File format" }: FormatControlsProps) {
  const { kind, delimiter, quote, header, encoding, sheet } = table.format;
  const isText = kind !== "parquet" && kind !== "xlsx";
  const sheets = sheet === null ? [] : [...new Set([sheet, ...table.sheets])];
  return (
    <details className={styles.details} data-field="format">
      <summary>
        {title}: {formatText(table)}
      </summary>
      <div className={styles.pair}>
        {delimiter !== null && (
          <CharacterChoice
            label="Delimiter"
            options={delimiters}
            value={delimiter}
            locked={locked}
            onChoose={(value) => onChoose({ delimiter: value })}
          />
        )}
        {quote !== null && (
          <CharacterChoice
            label="Quote"
            options={quotes}
            value={quote}
            locked={locked}
            onChoose={(value) => onChoose({ quote: value })}
          />
        )}
        {(kind === "delimited" || kind === "xlsx") && (
          <Choice
            label="Header"
            options={headers}
            value={header ? "yes" : "no"}
            locked={locked}
            onChoose={(value) => onChoose({ header: value === "yes" })}
          />
        )}
        {isText && <EncodingChoice value={encoding} locked={locked} onChoose={onChoose} />}
        {sheets.length > 1 && (
          <Choice
            label="Table"
            options={sheets.map((name) => ({ value: name, label: name }))}
            value={sheet ?? ""}
            locked={locked}
            onChoose={(value) => onChoose({ sheet: value })}
          />
        )}
      </div>
    </details>
  );
}

interface EncodingChoiceProps {
  value: string;
  locked: boolean;
  onChoose: (format: FormatOverrides) => void;
}

/** A choice among all encodings; the first rows show the result. */
export function EncodingChoice({ value, locked, onChoose }: EncodingChoiceProps) {
  return (
    <Choice
      label="Encoding"
      options={encodings}
      value={value}
      locked={locked}
      onChoose={(encoding) => onChoose({ encoding })}
    />
  );
}

interface ChoiceProps {
  label: string;
  options: readonly Option<string>[];
  value: string;
  locked: boolean;
  onChoose: (value: string) => void;
}

function Choice({ label, options, value, locked, onChoose }: ChoiceProps) {
  const all = options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
  // Options are identified by their place: some browsers change a tab in an option's value.
  return (
    <NativeSelect
      size="xs"
      label={label}
      disabled={locked}
      value={String(all.findIndex((option) => option.value === value))}
      data={all.map((option, i) => ({ value: String(i), label: option.label }))}
      onChange={(event) => {
        const chosen = all[Number(event.currentTarget.value)];
        if (chosen) onChoose(chosen.value);
      }}
    />
  );
}

/** A choice among characters, or any other character that is typed. */
function CharacterChoice({ onChoose, ...choice }: ChoiceProps) {
  const [asks, setAsks] = useState(false);
  const { label, options, locked } = choice;
  return (
    <div>
      <Choice
        {...choice}
        options={[...options, { value: "other", label: "Another character" }]}
        value={asks ? "other" : choice.value}
        onChoose={(value) => {
          setAsks(value === "other");
          if (value !== "other") onChoose(value);
        }}
      />
      {asks && (
        <TextInput
          mt={4}
          size="xs"
          maxLength={1}
          disabled={locked}
          aria-label={`${label}: the character`}
          placeholder="One character"
          onChange={({ currentTarget: { value } }) => {
            if (value === "") return;
            setAsks(false);
            onChoose(value);
          }}
        />
      )}
    </div>
  );
}
