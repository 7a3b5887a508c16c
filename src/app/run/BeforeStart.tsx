import { Button } from "@mantine/core";
import type { Blocker } from "../blockers.ts";
import type { PreviewLine } from "./plan-preview.ts";
import styles from "./panel.module.css";

interface BeforeStartProps {
  lines: PreviewLine[];
  blockers: Blocker[];
  /** Where it will run, e.g. "WebGPU · Apple M2"; "" while unknown. */
  place: string;
  onStart: () => void;
}

/** What a start will do, what still keeps it from starting, and the one large button. */
export function BeforeStart({ lines, blockers, place, onStart }: BeforeStartProps) {
  const shown = place ? [...lines, { name: "Runs on", value: place }] : lines;
  return (
    <section className={styles.before} aria-label="Before the start">
      <h2>What will happen</h2>
      {lines.length === 0 && <p>Open data and a model; the number of steps then stands here.</p>}
      <dl className={styles.preview}>
        {shown.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Button size="lg" fullWidth disabled={blockers.length > 0} onClick={onStart} aria-describedby="start-blockers">
        Start training
      </Button>
      <ul id="start-blockers" className={styles.blockers}>
        {blockers.map(({ card, text }) => (
          <li key={text}>
            <strong>{card === "data" ? "Data" : card === "model" ? "Model" : "Recipe"}.</strong> {text}
          </li>
        ))}
      </ul>
      <p className={styles.quiet}>
        The time left is known after the first steps. Pause and stop at any moment: what was learnt stays.
      </p>
    </section>
  );
}
