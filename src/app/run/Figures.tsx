import { taskNamed } from "../../tasks/registry.ts";
import type { Results } from "../../workers/protocol.ts";
import { metricText, rangeText, wholeText } from "../figures.ts";
import panel from "./panel.module.css";

/** The figures of scored rows, each with its interval. */
export function Figures({ results }: { results: Pick<Results, "task" | "report" | "intervals"> }) {
  const { task, report, intervals } = results;
  const figures = [
    ...taskNamed(task).metrics.map((metric) => ({
      name: metric.label,
      value: metricText(metric, metric.of(report)),
      range: rangeText(metric, intervals?.of[metric.key]),
    })),
    { name: "Rows", value: wholeText(report.rows), range: "" },
  ];
  return (
    <>
      <dl className={panel.figures}>
        {figures.map(({ name, value, range }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {range !== "" && <dd className={panel.range}>{range}</dd>}
          </div>
        ))}
      </dl>
      {intervals && (
        <p className={panel.ranges}>
          Ranges: 95 % intervals for other rows of this kind ({wholeText(intervals.draws)} bootstrap draws).
        </p>
      )}
    </>
  );
}
