import { useApp } from "../use-app.ts";
import { hasModel } from "../run-outcome.ts";
import { isActive } from "../state.ts";
import styles from "./rows.module.css";

/** Says that rows were changed after the run that is shown; nothing where they were not. */
export function EarlierRows() {
  const run = useApp((app) => app.run);
  const edits = useApp(({ data }) => data.edits);
  if (isActive(run.status) || !hasModel(run) || run.edits === edits) return null;
  return (
    <p className={styles.note} role="note">
      The model was trained before the last changes of rows. Start again under Training to learn from them.
    </p>
  );
}
