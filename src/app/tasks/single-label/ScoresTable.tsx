import { useMemo } from "react";
import type { ClassScores, Report } from "../../../metrics/report.ts";
import { ClassControls, useClassList } from "../../classes/ClassControls.tsx";
import { classOrder, manyClasses } from "../../classes/class-list.ts";
import { columnText, scoreText, wholeText } from "../../figures.ts";
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

const header = ["Class", "Precision", "Recall", "F1", "Rows"];
const label = "Scores of each class";

/** From so many classes on only those in view are laid out. */
const mostLaidOut = 100;

/**
 * Scores of every class, and the averages. A few classes stand in their order with the averages at the end; many can be
 * searched and ordered, and the averages stand at the top, where nobody has to scroll for them.
 */
export function ScoresTable({ report, labelNames }: { report: Report; labelNames: readonly string[] }) {
  const { classes, averages } = useMemo(() => scoreLines(report, labelNames), [report, labelNames]);
  const texts = useMemo(() => cellTexts([...classes, ...averages]), [classes, averages]);
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
          label={label}
          header={header}
          columns="minmax(0, 3fr) 80px 80px 80px 80px"
          rowCount={lines.length}
          height={420}
          cellsOf={(row) => {
            const line = lines[row];
            return line ? [line.name, ...texts(line.scores)] : [];
          }}
        />
      ) : (
        <LaidOut lines={lines} texts={texts} />
      )}
    </>
  );
}

function LaidOut({ lines, texts }: { lines: readonly ScoreLine[]; texts: (scores: ClassScores) => string[] }) {
  return (
    <div className={panel.scores} tabIndex={0} role="region" aria-label={label}>
      <table className={tables.plain}>
        <thead>
          <tr>
            {header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, name, scores }) => (
            <tr key={key}>
              <th scope="row" title={name}>
                {name}
              </th>
              {texts(scores).map((text, column) => (
                <td key={header[column + 1]}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How the cells of a line are written: each column with as many digits as tell its values apart. */
function cellTexts(lines: readonly ScoreLine[]): (scores: ClassScores) => string[] {
  const [precision, recall, f1] = (["precision", "recall", "f1"] as const).map((score) => {
    const values = lines.map(({ scores }) => scores[score]);
    return columnText(values, scoreText, 3);
  });
  return (scores) => [
    precision?.(scores.precision) ?? "",
    recall?.(scores.recall) ?? "",
    f1?.(scores.f1) ?? "",
    wholeText(scores.support),
  ];
}

/** A class that stands neither in truth nor in prediction. */
const unscored: ClassScores = { precision: NaN, recall: NaN, f1: NaN, support: 0 };

/** What the table and the CSV file hold: a line for each class, in class order, and one for each average. */
export function scoreLines({ classes, macro, micro, weighted }: Report, labelNames: readonly string[]) {
  const ofClasses = classes.map((scores, index): ScoreLine => ({
    key: `${index}`,
    name: labelNames[index] ?? `class ${index}`,
    scores: scores ?? unscored,
  }));
  const averages: ScoreLine[] = [
    { key: "macro", name: "macro average", scores: macro },
    { key: "micro", name: "micro average", scores: micro },
    { key: "weighted", name: "weighted average", scores: weighted },
  ];
  return { classes: ofClasses, averages };
}
