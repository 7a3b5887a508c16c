import { Stack, Text } from "@mantine/core";
import { useId, type ReactNode } from "react";
import { Icon } from "../Icon.tsx";
import styles from "./setup.module.css";

/** What the setup panel passes to each card. */
export interface CardState {
  /** Reasons in this card that keep the run from starting. */
  blockers: string[];
  opened: boolean;
  onToggle: () => void;
  /** Called when a person works inside the card. */
  onWork: () => void;
}

interface SetupCardProps extends CardState {
  title: string;
  icon: "table" | "model" | "sliders";
  /** One line that says what the card holds. */
  line: string;
  /** Whether the card has its file; only then it can be marked as done. */
  ready: boolean;
  /** Shown below the line while the card is folded. */
  folded?: ReactNode;
  children: ReactNode;
}

/** A card that folds to one line and opens on a click. */
export function SetupCard({
  title,
  icon,
  line,
  ready,
  blockers,
  opened,
  onToggle,
  onWork,
  folded,
  children,
}: SetupCardProps) {
  const body = useId();
  const done = ready && blockers.length === 0;
  return (
    <section className={styles.card} aria-label={title} data-card={title.toLowerCase()}>
      <h2 className={styles.heading}>
        <button type="button" className={styles.toggle} aria-expanded={opened} aria-controls={body} onClick={onToggle}>
          <span className={done ? styles.done : styles.open}>
            <Icon name={done ? "check" : icon} />
          </span>
          <span className={styles.title}>
            <Text span fw={600}>
              {title}
            </Text>
            <Text span size="sm" c="var(--quiet)" className={styles.line ?? ""}>
              {line}
            </Text>
          </span>
          <span className={opened ? styles.turned : styles.chevron}>
            <Icon name="chevron" size={16} />
          </span>
        </button>
      </h2>
      <div id={body} hidden={!opened} onFocus={onWork} onDrop={onWork} onChange={onWork}>
        {opened && (
          <Stack gap="md" className={styles.body ?? ""}>
            {ready && blockers.map((text) => <Blocked key={text} text={text} />)}
            {children}
          </Stack>
        )}
      </div>
      {!opened && ready && blockers[0] && (
        <div className={styles.body}>
          <Blocked text={blockers[0]} />
        </div>
      )}
      {!opened && folded}
    </section>
  );
}

function Blocked({ text }: { text: string }) {
  return (
    <div className={styles.blocked} role="note">
      <Icon name="warning" size={16} />
      <Text size="sm">{text}</Text>
    </div>
  );
}
