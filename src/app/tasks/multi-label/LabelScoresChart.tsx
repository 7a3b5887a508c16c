import type { ComponentProps } from "react";
import { ClassScoresChart } from "../classes/ClassScoresChart.tsx";

/** Precision, recall or F1 of each label over time. */
export function LabelScoresChart(props: ComponentProps<typeof ClassScoresChart>) {
  return <ClassScoresChart {...props} title="Label scores" />;
}
