import { memo, useMemo } from "react";
import { Checkbox } from "@mantine/core";
import { columnText, scoreText, wholeText } from "../../figures.ts";
import { ClassControls, useClassList } from "../../classes/ClassControls.tsx";
import { classOrder, manyClasses } from "../../classes/class-list.ts";
import { mostRowsFirst, worstFirst } from "./class-choice.ts";
import type { ClassEvaluation } from "./class-reports.ts";
import { classStyle } from "../../run/class-colors.ts";
import { onePerStep, scopePhrase } from "../../run/evaluations.ts";
import { Sparkline } from "../../run/Sparkline.tsx";
import { VirtualTable } from "../../run/VirtualTable.tsx";
import styles from "../../run/tables.module.css";

interface ClassTableProps {
  evaluations: readonly ClassEvaluation[];
  labelNames: string[];
  shown: number[];
  onShow: (shown: number[]) => void;
}

const header = ["Line and class", "F1", "Precision", "Recall", "Rows", "F1 so far"];

/**
 * Every class with its latest scores, worst F1 first; the ticked ones are the chart's lines. Many classes can be
 * searched and ordered, and only those in view are laid out.
 */
export const ClassTable = memo(function ClassTable({ evaluations, labelNames, shown, onShow }: ClassTableProps) {
  const events = useMemo(() => onePerStep(evaluations), [evaluations]);
  const latest = events.at(-1);
  const [f1Text, precisionText, recallText] = useMemo(() => scoreTexts(latest), [latest]);
  const orders = useMemo(
    () => (latest ? [worstFirst(latest), mostRowsFirst(latest), classOrder] : [classOrder]),
    [latest],
  );
  const list = useClassList(labelNames, orders);
  const order = list.shown;
  const toggle = (index: number, on: boolean) => {
    onShow(on ? [...shown, index].sort((a, b) => a - b) : shown.filter((other) => other !== index));
  };
  const cellsOf = (index: number) => {
    const scores = latest?.report.classes[index];
    return [
      <Checkbox
        key="name"
        size="xs"
        label={labelNames[index]}
        checked={shown.includes(index)}
        onChange={(event) => toggle(index, event.currentTarget.checked)}
      />,
      f1Text(scores?.f1 ?? NaN),
      precisionText(scores?.precision ?? NaN),
      recallText(scores?.recall ?? NaN),
      wholeText(scores?.support ?? NaN),
      <Sparkline
        key="line"
        values={events.map((event) => event.report.classes[index]?.f1 ?? NaN)}
        color={classStyle(index).color}
      />,
    ];
  };
  const scope = latest ? `: ${scopePhrase(latest)}` : "";
  if (labelNames.length >= manyClasses) {
    return (
      <>
        <ClassControls list={list} />
        <VirtualTable
          key={list.order}
          label={`Scores by class${scope}`}
          header={header}
          columns="minmax(0, 3fr) 60px 70px 60px 60px 80px"
          rowCount={order.length}
          height={216}
          cellsOf={(row) => cellsOf(order[row] ?? 0)}
        />
      </>
    );
  }
  const caption = `Classes by F1, worst first${scope}`;
  return (
    <div className={styles.scroller} style={{ height: 216 }} tabIndex={0} role="region" aria-label={caption}>
      <table className={styles.plain}>
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
          {order.map((index) => {
            const [name, ...cells] = cellsOf(index);
            return (
              <tr key={index}>
                <th scope="row" title={labelNames[index]}>
                  {name}
                </th>
                {cells.map((content, column) => (
                  <td key={header[column + 1]}>{content}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
});

/** How F1, precision and recall of an evaluation are written: with as many digits as tell its classes apart. */
function scoreTexts(latest: ClassEvaluation | undefined) {
  const textOf = (score: "precision" | "recall" | "f1") =>
    columnText(latest?.report.classes.map((scores) => scores?.[score] ?? NaN) ?? [], scoreText, 3);
  return [textOf("f1"), textOf("precision"), textOf("recall")] as const;
}
