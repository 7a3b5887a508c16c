import { Text } from "@mantine/core";
import type { LengthHistogram } from "../../workers/protocol.ts";
import { count, percent } from "../words.ts";
import { cutShare } from "./cut-share.ts";
import styles from "./setup.module.css";

const width = 360;
const height = 72;

/** How long the rows are, and which of them max length cuts. */
export function LengthChart({ lengths, maxLength }: { lengths: LengthHistogram; maxLength: number }) {
  const { unit, binWidth, counts, longest, mean } = lengths;
  const tallest = Math.max(1, ...counts);
  const bar = width / Math.max(1, counts.length);
  const end = counts.length * binWidth;
  const cut = unit === "tokens" && maxLength < end ? (maxLength / end) * width : null;
  const summary = `Mean ${mean.toFixed(1)} ${unit}, longest ${count(longest)}.`;
  const verdict =
    unit === "tokens"
      ? `Max length ${count(maxLength)} cuts ${percent(cutShare(lengths, maxLength))} of the rows.`
      : "In tokens once a model is open.";
  return (
    <div>
      <h3 className={styles.subtitle}>Length in {unit}</h3>
      <svg viewBox={`0 0 ${width} ${height + 16}`} width="100%" role="img" aria-label={`${summary} ${verdict}`}>
        {counts.map((rows, i) => {
          const tall = rows === 0 ? 0 : Math.max(1, (rows / tallest) * height);
          const isCut = cut !== null && i * binWidth >= maxLength;
          return (
            <rect
              key={i}
              x={i * bar}
              y={height - tall}
              width={Math.max(0.5, bar - 1)}
              height={tall}
              fill={isCut ? "var(--cut)" : "var(--bar)"}
            >
              <title>{`${i * binWidth + 1} to ${(i + 1) * binWidth} ${unit}: ${count(rows)} rows`}</title>
            </rect>
          );
        })}
        <line x1={0} x2={width} y1={height} y2={height} stroke="var(--hairline)" />
        {cut !== null && <line x1={cut} x2={cut} y1={0} y2={height} stroke="var(--cut)" strokeDasharray="3 2" />}
        <text x={0} y={height + 13} fontSize={11} fill="var(--quiet)">
          1
        </text>
        <text x={width} y={height + 13} fontSize={11} fill="var(--quiet)" textAnchor="end">
          {count(end)} {unit}
        </text>
      </svg>
      <Text size="sm" c="var(--quiet)">
        {summary} {verdict}
      </Text>
    </div>
  );
}
