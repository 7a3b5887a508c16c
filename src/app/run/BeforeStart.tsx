import { Button } from "@mantine/core";
import type { Blocker } from "../blockers.ts";
import { FirstReason } from "../FirstReason.tsx";
import { ReasonList } from "../ReasonList.tsx";
import { usePageAction } from "../use-page-action.ts";
import { EstimateRow } from "./EstimateRow.tsx";
import type { PreviewLine } from "./preview-line.ts";
import styles from "./panel.module.css";

interface BeforeStartProps {
  lines: PreviewLine[];
  blockers: Blocker[];
  warnings: Blocker[];
  /** Where it will run, e.g. "WebGPU · Apple M2"; "" while unknown. */
  place: string;
  onStart: () => void;
}

/** What a start will do, what still keeps it from starting, and the one large button. */
export function BeforeStart({ lines, blockers, warnings, place, onStart }: BeforeStartProps) {
  const shown = place ? [...lines, { name: "Runs on", value: place }] : lines;
  const start = usePageAction("start");
  return (
    <section className={styles.before} aria-label="Before the start">
      <h2>What will happen</h2>
      {lines.length === 0 && <p>Open data and a model to see the number of steps.</p>}
      <dl className={styles.preview}>
        {shown.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <EstimateRow blocked={blockers.length > 0} />
      <div className={styles.start}>
        <FirstReason reasons={blockers} />
        <Button size="lg" fullWidth disabled={!start.enabled} onClick={onStart} aria-describedby="start-blockers">
          {start.label}
        </Button>
      </div>
      <ReasonList id="start-blockers" reasons={blockers} />
      <ReasonList id="start-warnings" reasons={warnings} warns />
      <p className={styles.quiet}>
        {place.startsWith("Web")
          ? "An estimate counts GPU memory; the best weights are kept in main memory. Browsers do not report how much memory a GPU has:"
          : "An estimate counts main memory:"}{" "}
        the limit is the recipe’s, under “Optimizer and memory”. You can pause and stop at any moment: the trained
        weights stay.
      </p>
    </section>
  );
}
