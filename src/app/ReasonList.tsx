import type { Blocker } from "./blockers.ts";
import { Icon } from "./Icon.tsx";
import { useActions } from "./use-app.ts";
import styles from "./ReasonList.module.css";

const titles = { data: "Data", model: "Model", recipe: "Recipe" } as const;

interface ReasonListProps {
  reasons: readonly Blocker[];
  /** Whether they are warnings, which carry a mark; blockers are below the button that they disable. */
  warns?: boolean;
  id?: string;
}

/** Reasons as a list; a click on one leads to the field that can fix it. */
export function ReasonList({ reasons, warns = false, id }: ReasonListProps) {
  return (
    <ul id={id} className={styles.list}>
      {reasons.map((reason) => (
        <li key={reason.text}>
          {warns && <Icon name="warning" size={16} />}
          <PlaceButton {...reason} />
          <span>{reason.text}</span>
        </li>
      ))}
    </ul>
  );
}

function PlaceButton({ card, field }: Blocker) {
  const { goTo } = useActions();
  if (card === null) return null;
  return (
    <button
      type="button"
      className={styles.place}
      onClick={() => goTo(field === undefined ? { card } : { card, field })}
    >
      {titles[card]}
    </button>
  );
}

/**
 * The first reason why Start is disabled, as a link to its field; shown on narrow pages, where Start stays at the edge
 * of the screen.
 */
export function FirstReason({ reasons: [first, ...more] }: { reasons: readonly Blocker[] }) {
  const { goTo } = useActions();
  if (!first) return null;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  const { card, field, text } = first;
  if (card === null) return <span className={styles.first}>{text + others}</span>;
  return (
    <button
      type="button"
      className={styles.first}
      onClick={() => goTo(field === undefined ? { card } : { card, field })}
    >
      {text + others}
    </button>
  );
}
