import { memo } from "react";
import { Checkbox } from "@mantine/core";
import { columnText } from "../column-text.ts";
import type { EvaluationEvent } from "../../workers/protocol.ts";
import { worstFirst } from "./class-choice.ts";
import { classStyle } from "./class-colors.ts";
import { onePerStep, scopePhrase } from "./evaluations.ts";
import { scoreText, wholeText } from "./figures.ts";
import { Sparkline } from "./Sparkline.tsx";
import styles from "./tables.module.css";

interface ClassTableProps {
  evaluations: EvaluationEvent[];
  labelNames: string[];
  shown: number[];
  onShow: (shown: number[]) => void;
}

/** Every class with its latest scores, worst F1 first; the ticked ones are the chart's lines. */
export const ClassTable = memo(function ClassTable({ evaluations, labelNames, shown, onShow }: ClassTableProps) {
  const events = onePerStep(evaluations);
  const latest = events.at(-1);
  const order = latest ? worstFirst(latest) : labelNames.map((_, index) => index);
  const textOf = (score: "precision" | "recall" | "f1") =>
    columnText(latest?.report.classes.map((scores) => scores[score]) ?? [], scoreText, 3);
  const [f1Text, precisionText, recallText] = [textOf("f1"), textOf("precision"), textOf("recall")];
  const toggle = (index: number, on: boolean) => {
    onShow(on ? [...shown, index].sort((a, b) => a - b) : shown.filter((other) => other !== index));
  };
  const caption = `Classes by F1, worst first${latest ? `: ${scopePhrase(latest)}` : ""}`;
  return (
    <div className={styles.scroller} style={{ height: 216 }} tabIndex={0} role="region" aria-label={caption}>
      <table className={styles.plain}>
        <thead>
          <tr>
            <th scope="col">Line and class</th>
            <th scope="col">F1</th>
            <th scope="col">Precision</th>
            <th scope="col">Recall</th>
            <th scope="col">Rows</th>
            <th scope="col">F1 so far</th>
          </tr>
        </thead>
        <tbody>
          {order.map((index) => {
            const scores = latest?.report.classes[index];
            return (
              <tr key={index}>
                <th scope="row" title={labelNames[index]}>
                  <Checkbox
                    size="xs"
                    label={labelNames[index]}
                    checked={shown.includes(index)}
                    onChange={(event) => toggle(index, event.currentTarget.checked)}
                  />
                </th>
                <td>{f1Text(scores?.f1 ?? NaN)}</td>
                <td>{precisionText(scores?.precision ?? NaN)}</td>
                <td>{recallText(scores?.recall ?? NaN)}</td>
                <td>{wholeText(scores?.support ?? NaN)}</td>
                <td>
                  <Sparkline
                    values={events.map((event) => event.report.classes[index]?.f1 ?? NaN)}
                    color={classStyle(index).color}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
});
