import { Anchor } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { typesOfNames } from "../../../tasks/token-classification/tags.ts";
import type { Results } from "../../../workers/protocol.ts";
import type { RowReader } from "../../run/use-row-texts.ts";
import { wholeText } from "../../figures.ts";
import { ErrorList } from "../../run/ErrorList.tsx";
import { pairKey, pairName, pairOf, type ClassPair } from "../classes/pair-key.ts";
import type { Selectable } from "../panels.ts";
import { rowsWord } from "../rows-word.ts";
import { ClassSelect } from "../classes/ClassSelect.tsx";
import { isCut, MarkedText } from "./MarkedText.tsx";
import { typesIn, wrongByType, wrongEntities, type WrongEntities } from "./wrong-entities.ts";
import styles from "./entities.module.css";

interface EntityErrorsProps {
  session: RowReader;
  results: Results;
  selectable: Selectable;
}

/** The validation texts with wrong entities, those with the most first, to search and to filter. */
export function EntityErrorsTab({ session, results, selectable }: EntityErrorsProps) {
  const { labelNames, report } = results;
  const types = useMemo(() => typesOfNames(labelNames), [labelNames]);
  const wrong = useMemo(() => wrongEntities(results), [results]);
  const counts = useMemo(
    () => ({ missed: wrongByType(wrong, "missed", types), added: wrongByType(wrong, "added", types) }),
    [wrong, types],
  );
  const [missed, added] = pairOf(selectable.pressed);
  const isShown = useCallback(
    (row: WrongEntities) => hasWrongTypes(row, [missed, added], types),
    [missed, added, types],
  );
  const choose = (pair: ClassPair) => {
    const name = pairName(pair, ["missed", "wrongly found"], types);
    if (name === "") return selectable.clear();
    const places = wrong.filter((row) => hasWrongTypes(row, pair, types)).map(({ row }) => row);
    selectable.select(
      pairKey(pair),
      name,
      places.sort((a, b) => a - b),
    );
  };
  const listed = (row: WrongEntities, side: "missed" | "added") => typesIn(row, side).join(", ") || "–";
  return (
    <ErrorList
      session={session}
      label="Texts with wrong entities, most first"
      wrong={wrong}
      summary={`${wholeText(wrong.length)} of ${wholeText(report.rows)} ${rowsWord(selectable, "texts")} have a wrong entity`}
      columns={[
        { header: "Wrong", width: "60px", cellOf: (row) => wholeText(wrongCount(row)) },
        { header: "Missed", width: "minmax(70px, 110px)", cellOf: (row) => listed(row, "missed") },
        { header: "Wrongly found", width: "minmax(70px, 110px)", cellOf: (row) => listed(row, "added") },
      ]}
      csv={{
        header: ["entities", "predicted entities", "wrong"],
        cellsOf: (row) => [spansText(row.truth), spansText(row.predicted), wrongCount(row)],
      }}
      isShown={isShown}
      textOf={(row, text, opened, toggle) => (
        <Compared row={row} text={text} types={types} opened={opened} onToggle={toggle} />
      )}
    >
      <ClassSelect
        label="Missed type"
        counts={counts.missed}
        labelNames={types}
        value={missed}
        onChange={(chosen) => choose([chosen, added])}
      />
      <ClassSelect
        label="Wrongly found type"
        counts={counts.added}
        labelNames={types}
        value={added}
        onChange={(chosen) => choose([missed, chosen])}
      />
    </ErrorList>
  );
}

interface ComparedProps {
  row: WrongEntities;
  text: string;
  types: readonly string[];
  opened: boolean;
  onToggle: () => void;
}

/** A text with the entities that are there, and with those that were found. */
function Compared({ row: { truth, predicted }, text, types, opened, onToggle }: ComparedProps) {
  const marked = (spans: WrongEntities["truth"], fault: string) => (
    <MarkedText
      text={text}
      entities={spans.map((span) => ({ ...span, fault: span.isRight ? undefined : fault }))}
      types={types}
      cut={!opened}
    />
  );
  return (
    <>
      <p className={styles.side}>
        <b>True:</b> {marked(truth, "missed")}
      </p>
      <p className={styles.side}>
        <b>Found:</b> {marked(predicted, "wrong")}
      </p>
      {(isCut(text, truth) || isCut(text, predicted)) && (
        <Anchor component="button" type="button" size="sm" aria-expanded={opened} onClick={onToggle}>
          {opened ? "Less" : "Whole text"}
        </Anchor>
      )}
    </>
  );
}

/** Whether the one type was missed in a text and the other wrongly found; null is any. */
function hasWrongTypes(row: WrongEntities, [missed, added]: ClassPair, types: readonly string[]): boolean {
  const has = (side: "missed" | "added", index: number | null) =>
    index === null || typesIn(row, side).includes(types[index] ?? "");
  return has("missed", missed) && has("added", added);
}

function wrongCount(row: WrongEntities): number {
  return typesIn(row, "missed").length + typesIn(row, "added").length;
}

/** As in predictions.csv. */
function spansText(spans: WrongEntities["truth"]): string {
  return JSON.stringify(spans.map(({ start, end, label }) => [start, end, label]));
}
