import { useMemo, type CSSProperties } from "react";
import type { ClassScores } from "../../../metrics/report.ts";
import { ClassControls, useClassList } from "../../classes/ClassControls.tsx";
import { classOrder, manyClasses } from "../../classes/class-list.ts";
import { useFadedEdge } from "../../faded-edge.ts";
import { columnText, scoreText, wholeText } from "../../figures.ts";
import type { ClassReport } from "./class-reports.ts";
import { mostRowsFirst, worstFirst } from "./class-choice.ts";
import { VirtualTable } from "../../run/VirtualTable.tsx";
import panel from "../../run/panel.module.css";
import tables from "../../run/tables.module.css";

/** Scores of a class or of an average. */
interface ScoreLine {
  key: string;
  name: string;
  scores: ClassScores;
}

/** A further column of a task: its cell by the line's key, the place of a class or the name of an average. */
export interface ScoreColumn {
  header: string;
  cells: ReadonlyMap<string, string>;
}

/** What a line is of, and what its support counts. */
export interface LineNames {
  line: string;
  support: string;
  table: string;
}
const ofClasses: LineNames = { line: "Class", support: "Rows", table: "Scores of each class" };

/** From so many classes on only those in view are laid out. */
const mostLaidOut = 100;

interface ScoresTableProps {
  report: ClassReport;
  labelNames: readonly string[];
  /** Columns of a task's own. */
  more?: readonly ScoreColumn[];
  /** Classes and rows where not given. */
  words?: LineNames;
}

const none: readonly ScoreColumn[] = [];

/**
 * Scores of every class, and the averages. A few classes stand in their order with the averages at the end; many can be
 * searched and ordered, and the averages stand at the top, where nobody has to scroll for them.
 */
export function ScoresTable({ report, labelNames, more = none, words = ofClasses }: ScoresTableProps) {
  const { classes, averages } = useMemo(() => scoreLines(report, labelNames), [report, labelNames]);
  const texts = useMemo(() => cellTexts([...classes, ...averages], more), [classes, averages, more]);
  const names = [words.line, "Precision", "Recall", "F1", words.support, ...more.map((column) => column.header)];
  const many = classes.length >= manyClasses;
  const orders = useMemo(
    () => (many ? [worstFirst({ report }), mostRowsFirst({ report }), classOrder] : [classOrder]),
    [report, many],
  );
  const list = useClassList(labelNames, orders);
  const shown = list.shown.flatMap((index) => classes[index] ?? []);
  const lines = many ? [...averages, ...shown] : [...classes, ...averages];
  return (
    <>
      {many && <ClassControls list={list} />}
      {lines.length > mostLaidOut ? (
        <VirtualTable
          key={list.order}
          label={words.table}
          header={names}
          columns={`minmax(0, 3fr) repeat(${names.length - 1}, 80px)`}
          rowCount={lines.length}
          height={420}
          cellsOf={(row) => {
            const line = lines[row];
            return line ? [line.name, ...texts(line)] : [];
          }}
        />
      ) : (
        <LaidOut label={words.table} header={names} lines={lines} texts={texts} />
      )}
    </>
  );
}

interface LaidOutProps {
  label: string;
  header: readonly string[];
  lines: readonly ScoreLine[];
  texts: (line: ScoreLine) => string[];
}

/** More columns than this do not fit a telephone beside the names, which then stand above their numbers. */
const mostBeside = 5;

function LaidOut({ label, header, lines, texts }: LaidOutProps) {
  const edge = useFadedEdge();
  const stacks = header.length > mostBeside;
  const columns = { "--columns": header.length - 1 } as CSSProperties;
  return (
    <div ref={edge} className={panel.scores} tabIndex={0} role="region" aria-label={label}>
      {/* The roles stay where a narrow screen lays the table out in another way. */}
      <table
        role="table"
        className={stacks ? `${tables.plain} ${tables.stacked}` : tables.plain}
        data-stacks={stacks}
        style={columns}
      >
        <thead role="rowgroup">
          <tr role="row">
            {header.map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {lines.map((line) => (
            <tr key={line.key} role="row">
              <th role="rowheader" scope="row" title={line.name}>
                {line.name}
              </th>
              {texts(line).map((text, column) => (
                <td key={header[column + 1]} role="cell">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How the cells of a line are written: each column with as many digits as tell its values apart. */
function cellTexts(lines: readonly ScoreLine[], more: readonly ScoreColumn[]): (line: ScoreLine) => string[] {
  const [precision, recall, f1] = (["precision", "recall", "f1"] as const).map((score) => {
    const values = lines.map(({ scores }) => scores[score]);
    return columnText(values, scoreText, 3);
  });
  return ({ key, scores }) => [
    precision?.(scores.precision) ?? "",
    recall?.(scores.recall) ?? "",
    f1?.(scores.f1) ?? "",
    wholeText(scores.support),
    ...more.map(({ cells }) => cells.get(key) ?? ""),
  ];
}

/** A class that stands neither in truth nor in prediction. */
const unscored: ClassScores = { precision: NaN, recall: NaN, f1: NaN, support: 0 };

/** What the table and the CSV file hold: a line for each class, in class order, and one for each average. */
export function scoreLines({ classes, macro, micro, weighted, samples }: ClassReport, labelNames: readonly string[]) {
  const lines = classes.map((scores, index): ScoreLine => ({
    key: `${index}`,
    name: labelNames[index] ?? `class ${index}`,
    scores: scores ?? unscored,
  }));
  const averages: ScoreLine[] = [
    { key: "macro", name: "macro average", scores: macro },
    { key: "micro", name: "micro average", scores: micro },
    { key: "weighted", name: "weighted average", scores: weighted },
    ...(samples ? [{ key: "samples", name: "average of rows", scores: samples }] : []),
  ];
  return { classes: lines, averages };
}
