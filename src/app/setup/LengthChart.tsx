import { Text } from "@mantine/core";
import type { Recipe } from "../../recipe/recipe.ts";
import type { LengthHistogram } from "../../workers/protocol.ts";
import { wholeText } from "../figures.ts";
import { counted, percent } from "../../recipe/wording.ts";
import { windowsPerRow } from "../window-count.ts";
import styles from "./setup.module.css";

const width = 360;
const height = 72;

interface LengthChartProps {
  lengths: LengthHistogram;
  recipe: Reading;
}

/** How long texts are read. */
type Reading = Pick<Recipe, "maxLength" | "longTexts" | "windowOverlap">;

/** A histogram of the rows' lengths, and which rows are longer than the max length. */
export function LengthChart({ lengths, recipe }: LengthChartProps) {
  const { unit, binWidth, counts, longest, mean } = lengths;
  const { maxLength } = recipe;
  const tallest = Math.max(1, ...counts);
  const bar = width / Math.max(1, counts.length);
  const end = counts.length * binWidth;
  const cut = unit === "tokens" && maxLength < end ? (maxLength / end) * width : null;
  const summary = `Mean ${mean.toFixed(1)} ${unit}, longest ${wholeText(longest)}.`;
  const verdict = unit === "tokens" ? verdictOf(lengths, recipe) : "In tokens once a model is open.";
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
              <title>{`${i * binWidth + 1} to ${(i + 1) * binWidth} ${unit}: ${wholeText(rows)} rows`}</title>
            </rect>
          );
        })}
        <line x1={0} x2={width} y1={height} y2={height} stroke="var(--hairline)" />
        {cut !== null && <line x1={cut} x2={cut} y1={0} y2={height} stroke="var(--cut)" strokeDasharray="3 2" />}
        <text x={0} y={height + 13} fontSize={11} fill="var(--quiet)">
          1
        </text>
        <text x={width} y={height + 13} fontSize={11} fill="var(--quiet)" textAnchor="end">
          {wholeText(end)} {unit}
        </text>
      </svg>
      <Text size="sm" c="var(--quiet)">
        {summary} {verdict}
      </Text>
    </div>
  );
}

/** What happens to the rows that are longer than the max length. */
export function verdictOf(lengths: LengthHistogram, recipe: Reading): string {
  const { maxLength, longTexts } = recipe;
  const share = `${percent(cutShare(lengths, maxLength))} of the rows`;
  if (longTexts === "windows") {
    const rows = lengths.longerThan[0] ?? 0;
    const windows = `${counted(rows, "row")} in about ${counted(Math.round(rows * windowsPerRow(lengths, recipe)), "window")}`;
    return `${share} are longer than ${wholeText(maxLength)} tokens and are read in windows: ${windows}.`;
  }
  return `Max length ${wholeText(maxLength)} cuts ${share}${longTexts === "cut" ? "" : " in the middle"}.`;
}

/** Share of the rows that are longer than `length` units; 0 without rows. */
export function cutShare({ longerThan }: LengthHistogram, length: number): number {
  const rows = longerThan[0] ?? 0;
  if (rows === 0) return 0;
  // Lengths are counted up to a limit: beyond it the last known share is an upper bound.
  const cut = longerThan[Math.min(length, longerThan.length - 1)] ?? 0;
  return cut / rows;
}
