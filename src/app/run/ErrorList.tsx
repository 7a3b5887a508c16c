import { Anchor, Button, TextInput } from "@mantine/core";
import { useContext, useMemo, useState, type ReactNode } from "react";
import { csvText } from "../../io/csv-cells.ts";
import { wholeText } from "../figures.ts";
import { SEARCH_FIELD } from "../page-actions.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { saveFile } from "../save-file.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { LongText } from "./LongText.tsx";
import { RowTrial } from "./row-trial.ts";
import { isFound, joinedText, type RowReader, useRowTexts } from "./use-row-texts.ts";
import { VirtualTable } from "./VirtualTable.tsx";
import styles from "./panel.module.css";

/** A column of the list before line and text. */
interface ErrorColumn<Row> {
  header: string;
  /** As part of a CSS grid template. */
  width: string;
  cellOf: (row: Row) => ReactNode;
}

interface ErrorListProps<Row> {
  session: RowReader;
  /** Name of the table. */
  label: string;
  /** Rows that came out wrong, in order; the same array until others are shown. */
  wrong: readonly Row[];
  /** How many these are, as a sentence without its full stop. */
  summary: string;
  /** Three columns, of which a narrow screen shows the last two side by side. */
  columns: readonly ErrorColumn<Row>[];
  /** Columns of errors.csv between the line and the texts. */
  csv: { header: readonly string[]; cellsOf: (row: Row) => (string | number)[] };
  /** Whether a row is shown, but for the search. */
  isShown: (row: Row) => boolean;
  /** How the text of a row is shown; `toggle` opens what is cut of it. The text alone where not given. */
  textOf?: (row: Row, text: string, opened: boolean, toggle: () => void) => ReactNode;
  /** Filters of the task, beside the search. */
  children?: ReactNode;
}

/** Validation rows that came out wrong with their texts, to search, to filter and to save. */
export function ErrorList<Row extends { row: number }>(props: ErrorListProps<Row>) {
  const { session, label, wrong, summary, columns, csv, isShown, textOf = longText, children } = props;
  const tryRow = useContext(RowTrial);
  const rows = useMemo(() => wrong.map(({ row }) => row), [wrong]);
  const { texts, problem } = useRowTexts(session, rows);
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [neutralize, setNeutralize] = useState(false);
  const shown = useMemo(
    () => wrong.filter((row) => isShown(row) && isFound(joinedText(texts?.get(row.row)), search)),
    [wrong, isShown, search, texts],
  );
  const toggle = (row: number) =>
    setOpened(new Set(opened.has(row) ? [...opened].filter((one) => one !== row) : [...opened, row]));
  const save = () => {
    const lines = wrong.map((row) => {
      const text = texts?.get(row.row);
      return [text?.line ?? NaN, ...csv.cellsOf(row), text?.text ?? "", text?.pair ?? ""];
    });
    saveFile("errors.csv", csvText(["line", ...csv.header, "text", "second text"], lines, { neutralize }), "text/csv");
  };
  return (
    <>
      <div className={styles.row}>
        <TextInput
          id={SEARCH_FIELD}
          type="search"
          label="Search in the texts"
          placeholder="Press / to search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {children}
        <Button variant="default" disabled={!texts} onClick={save}>
          Save all as CSV
        </Button>
        <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      </div>
      <p role="status">
        {summary}
        {shown.length === wrong.length ? "" : `; ${wholeText(shown.length)} match the filter`}.
        {!texts && !problem && wrong.length > 0 ? " Loading their texts." : ""}
      </p>
      {problem && <ProblemNote problem={problem} />}
      {shown.length > 0 && (
        <VirtualTable
          label={label}
          header={[...columns.map(({ header }) => header), "Line", "Text"]}
          rowCount={shown.length}
          cellsOf={(index) => {
            const row = shown[index];
            if (!row) return [];
            const text = texts?.get(row.row);
            const isOpened = opened.has(row.row);
            const whole = text && textOf(row, joinedText(text), isOpened, () => toggle(row.row));
            const cell = text && tryRow && (
              <>
                {whole}{" "}
                <Anchor component="button" type="button" size="sm" onClick={() => tryRow(text)}>
                  Explain
                </Anchor>
              </>
            );
            return [...columns.map(({ cellOf }) => cellOf(row)), text ? String(text.line) : "", cell ?? whole];
          }}
          columns={`${columns.map(({ width }) => width).join(" ")} 52px minmax(240px, 1fr)`}
          height={480}
          stacks
        />
      )}
    </>
  );
}

function longText(_: unknown, text: string, opened: boolean, toggle: () => void): ReactNode {
  return <LongText text={text} opened={opened} onToggle={toggle} />;
}
