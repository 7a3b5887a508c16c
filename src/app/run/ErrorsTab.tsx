import { useMemo, useState } from "react";
import { Button, TextInput } from "@mantine/core";
import { columnText } from "../column-text.ts";
import type { Results, RowText } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { csvText } from "../../io/csv-cells.ts";
import { ErrorClassSelect } from "./ErrorClassSelect.tsx";
import { percentText, wholeText } from "./figures.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { LongText } from "./LongText.tsx";
import { SEARCH_FIELD } from "./search-field.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { saveFile } from "./save-file.ts";
import { useRowTexts } from "./use-row-texts.ts";
import { VirtualTable } from "./VirtualTable.tsx";
import { filterWrong, wrongRows, type WrongRowFilter } from "./wrong-rows.ts";
import styles from "./panel.module.css";

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
        {wholeText(wrong.length)} of {wholeText(results.truth.length)} validation rows are misclassified
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
