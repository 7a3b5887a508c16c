import styles from "./ReasonList.module.css";
import type { Blocker } from "./blockers.ts";
import { Icon } from "./Icon.tsx";
import { useActions } from "./use-app.ts";

const titles = { data: "Data", model: "Model", recipe: "Recipe" } as const;

interface ReasonListProps {
  reasons: readonly Blocker[];
  /** Warnings carry a mark; what keeps a run from starting stands under the button that it disables. */
  warns?: boolean;
  id?: string;
}

/** Reasons as a list; a press on one leads to the field that can mend it. */
export function ReasonList({ reasons, warns = false, id }: ReasonListProps) {
  const { goTo } = useActions();
  return (
    <ul id={id} className={styles.list}>
      {reasons.map((reason) => (
        <li key={reason.text}>
          {warns && <Icon name="warning" size={16} />}
          <button type="button" className={styles.place} onClick={() => goTo(reason)}>
            {titles[reason.card]}
          </button>{" "}
          <span>{reason.text}</span>
        </li>
      ))}
    </ul>
  );
}
