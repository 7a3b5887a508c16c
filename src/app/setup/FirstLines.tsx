import styles from "./setup.module.css";

/** The first lines of a text file. */
export function FirstLines({ lines }: { lines: readonly string[] }) {
  return (
    <ol className={styles.firstLines} aria-label="First lines">
      {lines.map((line, i) => (
        // Lines have no identity but their place, and never move.
        <li key={i} title={line}>
          {line}
        </li>
      ))}
    </ol>
  );
}
