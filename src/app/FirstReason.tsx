import styles from "./ReasonList.module.css";
import type { Blocker } from "./blockers.ts";
import { useActions } from "./use-app.ts";

/** Beside a Start that stays at the edge of a narrow page: why it is disabled, and the way there. */
export function FirstReason({ reasons: [first, ...more] }: { reasons: readonly Blocker[] }) {
  const { goTo } = useActions();
  if (!first) return null;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  return (
    <button type="button" className={styles.first} onClick={() => goTo(first)}>
      {first.text + others}
    </button>
  );
}
