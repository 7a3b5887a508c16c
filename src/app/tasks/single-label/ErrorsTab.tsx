import { Button, TextInput, Select, Anchor } from "@mantine/core";
import { useMemo, useState, useEffect } from "react";
import { csvText } from "../../../io/csv-cells.ts";
import { reportProblem, type ProblemReport } from "../../../problem/problem.ts";
import type { Results, RowText } from "../../../workers/protocol.ts";
import type { Session } from "../../../workers/session.ts";
import { foundClasses } from "../../classes/class-list.ts";
import { columnText, percentText, wholeText } from "../../figures.ts";
import { ProblemNote } from "../../ProblemNote.tsx";
import { FormulaCheckbox } from "../../run/FormulaCheckbox.tsx";
import { saveFile } from "../../save-file.ts";
import { SEARCH_FIELD } from "../../page-actions.ts";
import { VirtualTable } from "../../run/VirtualTable.tsx";
import { filterWrong, wrongRows, type WrongRowFilter, wrongByClass, type WrongRow } from "./wrong-rows.ts";
import styles from "../../run/panel.module.css";

const header = ["Confidence", "True", "Predicted", "Line", "Text"];

/** The misclassified validation rows, the most confident first, to search and to filter. */
export function ErrorsTab({ session, results }: { session: Session; results: Results }) {
  const { labelNames } = results;
  const wrong = useMemo(() => wrongRows(results), [results]);
  const confidenceText = useMemo(
    () =>
      columnText(
        wrong.map(({ confidence }) => confidence),
        percentText,
        1,
      ),
    [wrong],
  );
  const rows = useMemo(() => wrong.map(({ row }) => row), [wrong]);
  const { texts, problem } = useRowTexts(session, rows);
  const [filter, setFilter] = useState<WrongRowFilter>({ search: "", truth: null, predicted: null });
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [neutralize, setNeutralize] = useState(false);

  const shown = useMemo(() => filterWrong(wrong, filter, ({ row }) => joined(texts?.get(row))), [wrong, filter, texts]);
  const name = (index: number) => labelNames[index] ?? `class ${index}`;
  const toggle = (row: number) =>
    setOpened(new Set(opened.has(row) ? [...opened].filter((one) => one !== row) : [...opened, row]));
  const save = () => {
    const lines = wrong.map((row) => {
      const text = texts?.get(row.row);
      const found = [name(row.truth), name(row.predicted), row.confidence, row.truthProbability];
      return [text?.line ?? NaN, ...found, text?.text ?? "", text?.pair ?? ""];
    });
    const names = [
      "line",
      "true",
      "predicted",
      "probability of predicted",
      "probability of true",
      "text",
      "second text",
    ];
    saveFile("errors.csv", csvText(names, lines, { neutralize }), "text/csv");
  };

  return (
    <>
      <div className={styles.row}>
        <TextInput
          id={SEARCH_FIELD}
          type="search"
          label="Search in the texts"
          placeholder="Press / to search"
          value={filter.search}
          onChange={(event) => setFilter({ ...filter, search: event.currentTarget.value })}
        />
        <ErrorClassSelect
          label="True class"
          wrong={wrong}
          of="truth"
          labelNames={labelNames}
          value={filter.truth}
          onChange={(truth) => setFilter({ ...filter, truth })}
        />
        <ErrorClassSelect
          label="Predicted class"
          wrong={wrong}
          of="predicted"
          labelNames={labelNames}
          value={filter.predicted}
          onChange={(predicted) => setFilter({ ...filter, predicted })}
        />
        <Button variant="default" disabled={!texts} onClick={save}>
          Save all as CSV
        </Button>
        <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      </div>
      <p role="status">
        {wholeText(wrong.length)} of {wholeText(results.truth.labels.length)} validation rows are misclassified
        {shown.length === wrong.length ? "" : `; ${wholeText(shown.length)} match the filter`}.
        {!texts && !problem && wrong.length > 0 ? " Loading their texts." : ""}
      </p>
      {problem && <ProblemNote problem={problem} />}
      {wrong.length > 0 && (
        <VirtualTable
          label="Misclassified rows, most confident first"
          header={header}
          rowCount={shown.length}
          cellsOf={(index) => {
            const row = shown[index];
            if (!row) return [];
            const text = texts?.get(row.row);
            const line = text ? String(text.line) : "";
            const whole = (
              <LongText text={joined(text)} opened={opened.has(row.row)} onToggle={() => toggle(row.row)} />
            );
            return [confidenceText(row.confidence), name(row.truth), name(row.predicted), line, whole];
          }}
          columns="86px minmax(70px, 130px) minmax(70px, 130px) 52px minmax(240px, 1fr)"
          height={480}
          stacks
        />
      )}
    </>
  );
}

function joined(text: RowText | undefined): string {
  if (!text) return "";
  return text.pair === null ? text.text : `${text.text} ⁄ ${text.pair}`;
}

interface ErrorClassSelectProps {
  label: string;
  wrong: readonly WrongRow[];
  /** Which of a row's two classes is chosen. */
  of: "truth" | "predicted";
  labelNames: readonly string[];
  value: number | null;
  onChange: (value: number | null) => void;
}

/** At most this many options are laid out; other classes are found by a part of their name. */
const mostOptions = 100;

/** Chooses among the classes of the misclassified rows, with the number of rows of each, largest first. */
function ErrorClassSelect({ label, wrong, of, labelNames, value, onChange }: ErrorClassSelectProps) {
  const [search, setSearch] = useState("");
  const counts = useMemo(() => new Map(wrongByClass(wrong, of).map(({ index, rows }) => [index, rows])), [wrong, of]);
  const options = useMemo(() => {
    const optionOf = (index: number) => ({
      value: String(index),
      label: `${labelNames[index] ?? `class ${index}`} (${wholeText(counts.get(index) ?? 0)})`,
    });
    const all = [...counts.keys()];
    const chosen = value === null ? [] : [optionOf(value)];
    // The field shows a chosen class by its whole label, which is not a search.
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

/** The text of a row; of a long one only the beginning is shown until it is unfolded. */
export function LongText({ text, opened, onToggle }: { text: string; opened: boolean; onToggle: () => void }) {
  const beginning = shortened(text);
  if (beginning === text) return text;
  return (
    <>
      {opened ? text : beginning}{" "}
      <Anchor component="button" type="button" size="sm" aria-expanded={opened} onClick={onToggle}>
        {opened ? "Less" : "Whole text"}
      </Anchor>
    </>
  );
}

/** Characters that are shown of a long text. */
const SHOWN = 400;
/** A text that is longer by no more than this is shown whole. */
const SPARED = 100;

/** The beginning of a long text, cut at a blank where one is near, with an ellipsis; a short text unchanged. */
export function shortened(text: string): string {
  if (text.length <= SHOWN + SPARED) return text;
  const blank = text.lastIndexOf(" ", SHOWN);
  return `${text.slice(0, blank > SHOWN - SPARED ? blank : SHOWN)} …`;
}

interface RowTexts {
  /** By index of the validation row; null while they load. */
  texts: ReadonlyMap<number, RowText> | null;
  problem: ProblemReport | null;
}

const loading: RowTexts = { texts: null, problem: null };

/** Loads the texts of some validation rows. `rows` must be the same array until other rows are wanted. */
function useRowTexts(session: Session, rows: number[]): RowTexts {
  const [answer, setAnswer] = useState<RowTexts & { rows: number[] }>();
  useEffect(() => {
    let wanted = true;
    const take = (change: Partial<RowTexts>) => {
      if (wanted) setAnswer({ ...loading, ...change, rows });
    };
    session.rowTexts("validation", rows).then(
      (found) => take({ texts: new Map(found.flatMap((text, i) => pairWith(rows[i], text))) }),
      (error: unknown) => take({ problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, rows]);
  return answer?.rows === rows ? answer : loading;
}

function pairWith(row: number | undefined, text: RowText): [number, RowText][] {
  return row === undefined ? [] : [[row, text]];
}
