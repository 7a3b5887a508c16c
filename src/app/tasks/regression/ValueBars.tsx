import { Text } from "@mantine/core";
import { counted } from "../../../recipe/wording.ts";
import type { NumberSummary } from "../../../tasks/regression/number-summary.ts";
import { valueText } from "../../../tasks/regression/value-text.ts";
import type { DataSummary } from "../../../workers/protocol.ts";
import { figureText, wholeText } from "../../figures.ts";
import styles from "../../setup/setup.module.css";
import type { RowUses } from "../panels.ts";
import { BarPlot } from "./BarPlot.tsx";

interface ValueBarsProps {
  summary: DataSummary;
  title?: string;
  uses?: RowUses;
}

const ofTraining = { train: "for training", held: "for validation" };
const swatch = (color: string) => ({ "--swatch": color }) as React.CSSProperties;

/** Rows by their number, training and validation, as bars. */
export function ValueBars({ summary, title = "Rows by value", uses = ofTraining }: ValueBarsProps) {
  const { targets, trainRows, validationRows } = summary;
  const { least, most, mean, deviation, width, trainBins, validationBins } = targets as NumberSummary;
  const edges = [...trainBins.map((_, bin) => least + bin * width), most];
  const words = `From ${valueText(least)} to ${valueText(most)}; training rows have mean ${figureText(mean)} and standard deviation ${figureText(deviation)}.`;
  return (
    <div>
      <h3 className={styles.subtitle}>{title}</h3>
      <BarPlot
        edges={edges}
        text={valueText}
        label={`${title}. ${words}`}
        parts={[
          { counts: trainBins, color: "var(--bar)", name: uses.train },
          { counts: validationBins, color: "var(--bar-quiet)", name: uses.held },
        ]}
      />
      <div className={styles.legend}>
        <span style={swatch("var(--bar)")}>
          {counted(trainRows, "row")} {uses.train}
        </span>
        <span style={swatch("var(--bar-quiet)")}>
          {wholeText(validationRows)} {uses.held}
        </span>
      </div>
      <Text size="sm" c="var(--quiet)" mt={4}>
        {words}
      </Text>
    </div>
  );
}
