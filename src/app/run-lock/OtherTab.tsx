import { Progress } from "@mantine/core";
import { duration, figureText, wholeText } from "../figures.ts";
import { useApp } from "../use-app.ts";
import styles from "./run-lock.module.css";

/** The run of another tab of this browser, live, to be looked at only; nothing while there is none. */
export function OtherTab() {
  const shown = useApp(({ trainsElsewhere }) => trainsElsewhere);
  const run = useApp(({ otherRun }) => otherRun);
  if (!shown) return null;
  const facts = run && [
    { name: "Step", value: `${wholeText(run.step)} of ${run.steps === null ? "–" : wholeText(run.steps)}` },
    { name: "Loss", value: run.loss === null ? "–" : figureText(run.loss) },
    { name: "Best score", value: run.score || "–" },
    { name: "Time left", value: run.msLeft === null ? "–" : duration(run.msLeft) },
  ];
  return (
    <section className={styles.other} aria-label="Run in another tab">
      <p className={styles.head}>
        <strong>Another tab trains</strong>
        {run && ` with ${run.data} · ${run.status}`}
      </p>
      {run && <Progress size={4} value={100 * run.share} aria-label="Progress of the run in another tab" />}
      {facts && (
        <dl className={styles.facts}>
          {facts.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className={styles.hint}>It can be paused and stopped in its own tab. Start is free here when it has ended.</p>
    </section>
  );
}
