import { Button, CloseButton } from "@mantine/core";
import { useCallback, useState } from "react";
import { csvText, isFormula } from "../../../io/csv-cells.ts";
import type { SliceQuery } from "../../../insight/slices.ts";
import { reportProblem, type ProblemReport } from "../../../problem/problem.ts";
import type { Session } from "../../../workers/session.ts";
import { sliceKey } from "../../actions/selection-actions.ts";
import { wholeText } from "../../figures.ts";
import { ProblemNote } from "../../ProblemNote.tsx";
import { saveFile } from "../../save-file.ts";
import type { Selectable } from "../../tasks/panels.ts";
import { useActions, useApp } from "../../use-app.ts";
import { CellButton } from "../CellButton.tsx";
import charts from "../charts.module.css";
import { FormulaCheckbox } from "../FormulaCheckbox.tsx";
import { VirtualTable } from "../VirtualTable.tsx";
import { Candidates } from "./Candidates.tsx";
import { differenceText, figureTextOf, listedSlices, sliceLines } from "./slice-lines.ts";
import { SliceForm } from "./SliceForm.tsx";
import { useAnswer } from "./use-answer.ts";

interface SlicesPanelProps {
  session: Session;
  selectable: Selectable;
}

/** Parts of the rows, worst first, each with its figure; a press selects the rows of one. */
export function SlicesPanel({ session, selectable }: SlicesPanelProps) {
  const kept = useApp((app) => app.slices);
  const { keepSlice, dropSlice } = useActions();
  const [neutralize, setNeutralize] = useState(false);
  const [failed, setFailed] = useState<ProblemReport | null>(null);
  const { results, isPart, pressed, select } = selectable;
  const { weights } = results;
  const within = isPart ? results.places : undefined;
  const ask = useCallback(() => {
    const asked = kept.map(({ query }) => query);
    return session.slices(weights, asked, within);
  }, [session, weights, within, kept]);
  const { found, problem, isReady } = useAnswer(ask, results);
  const listed = found ? listedSlices(found, kept) : [];
  const figure = figureTextOf(found?.figure ?? "accuracy");
  const press = async (query: SliceQuery, name: string) => {
    setFailed(null);
    try {
      const rows = await session.sliceRows(weights, query, within);
      select(sliceKey(query), name, Array.from(rows));
    } catch (error) {
      setFailed(reportProblem(error));
    }
  };
  const save = () => {
    if (!found) return;
    const { header, lines } = sliceLines(found, listed);
    saveFile("slices.csv", csvText(header, lines, { neutralize }), "text/csv");
  };
  if (isReady && !found && !problem) return null;
  return (
    <section className={charts.card} aria-label="Slices, worst first" aria-busy={!isReady}>
      <header className={charts.head}>
        <h3>Slices, worst first</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button variant="default" size="compact-xs" disabled={!found} onClick={save} aria-label="Save CSV: slices">
            Save CSV
          </Button>
        </div>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {failed && <ProblemNote problem={failed} onDismiss={() => setFailed(null)} />}
      {!found && !problem && <p role="status">Cutting the rows into slices.</p>}
      {found && (
        <>
          <p>
            {found.figure === "accuracy" ? "Share of rows that are right as a whole" : "Mean absolute error"}:{" "}
            {figure(found.overall.value)} of all {wholeText(found.overall.rows)} {isPart ? "selected " : ""}rows (95 %
            interval {figure(found.overall.low)} to {figure(found.overall.high)}). Those that are most surely worse come
            first; press a number of rows to select them.
          </p>
          <VirtualTable
            label="Slices of the rows"
            header={[
              "Slice",
              "Rows",
              found.figure === "accuracy" ? "Right" : "Mean error",
              "95 % interval",
              "To other rows",
              "Kept",
            ]}
            columns="minmax(150px, 1fr) 60px 80px 140px 100px 48px"
            rowCount={listed.length}
            height={Math.min(380, 40 + 35 * listed.length)}
            cellsOf={(place) => {
              const slice = listed[place];
              if (!slice) return [];
              const { name, query, rows, value, low, high, difference, isOwn } = slice;
              return [
                name,
                rows === 0 ? (
                  "0"
                ) : (
                  <CellButton
                    label={name}
                    pressed={pressed === sliceKey(query)}
                    onPress={() => void press(query, name)}
                  >
                    {wholeText(rows)}
                  </CellButton>
                ),
                figure(value),
                rows === 0 ? "–" : `${figure(low)} to ${figure(high)}`,
                differenceText(found.figure, difference),
                isOwn ? <CloseButton size="sm" aria-label={`Drop ${name}`} onClick={() => dropSlice(query)} /> : "",
              ];
            }}
          />
          {listed.some(({ name }) => isFormula(name)) && (
            <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
          )}
          <SliceForm of={found} onMake={keepSlice} />
          <Candidates
            of={results}
            find={() => session.sliceCandidates(weights, within)}
            kept={kept}
            onKeep={keepSlice}
          />
        </>
      )}
    </section>
  );
}
