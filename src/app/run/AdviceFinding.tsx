import { sections, type Finding } from "../../advice/finding.ts";
import { HandbookLink } from "../HandbookLink.tsx";
import { Icon } from "../Icon.tsx";
import { AdviceButton } from "./AdviceButton.tsx";
import styles from "./advice.module.css";

/** One finding: what was seen, how sure it is, and what to do, with a button where the recipe can do it. */
export function AdviceFinding({ finding, locked }: { finding: Finding; locked: boolean }) {
  const { id, title, text, severity, certainty, remedies, anchor } = finding;
  const heading = `advice-${id}`;
  return (
    <article className={styles.finding} aria-labelledby={heading}>
      <span className={severity === "low" ? styles.quiet : styles.warning}>
        <Icon name={severity === "low" ? "info" : "warning"} size={16} />
      </span>
      <div>
        <h3 id={heading}>
          {title} <span className={styles.quiet}>· {certainty}</span>
        </h3>
        <p>{text}</p>
        <ul>
          {remedies.map(({ text: words, change }) => (
            <li key={words}>
              {change && <AdviceButton change={change} locked={locked} />}
              <span>{words}</span>
            </li>
          ))}
        </ul>
        <p className={styles.quiet}>
          <HandbookLink anchor={anchor}>More in the handbook: {sections[anchor]}</HandbookLink>
        </p>
      </div>
    </article>
  );
}
