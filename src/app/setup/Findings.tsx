import type { DataFix, Finding } from "../../workers/protocol.ts";
import { Icon } from "../Icon.tsx";
import { count } from "../words.ts";
import { FixButton } from "./FixButton.tsx";
import styles from "./setup.module.css";

interface FindingsProps {
  findings: Finding[];
  title?: string;
  locked?: boolean;
  /** Makes the change that a finding offers; without it no button is shown. */
  onFix?: (change: DataFix) => void;
}

/** What a person should know of the data. What blocks the start stands at the top of the card already. */
export function Findings({ findings, title = "Findings", locked = true, onFix }: FindingsProps) {
  const notes = findings.filter(({ severity }) => severity !== "blocking");
  if (notes.length === 0) return null;
  return (
    <div>
      <h3 className={styles.subtitle}>{title}</h3>
      {notes.map((finding) => (
        <div key={finding.id + finding.text} className={styles.finding}>
          <span className={finding.severity === "warning" ? styles.warning : styles.info}>
            <Icon name={finding.severity === "warning" ? "warning" : "info"} size={16} />
          </span>
          <div>
            <p>
              {finding.text} {finding.remedy}
            </p>
            {finding.fix && onFix && <FixButton fix={finding.fix} locked={locked} onFix={onFix} />}
            {(finding.lines ?? finding.tableRows).length > 0 && (
              <details>
                <summary>{finding.lines ? "Lines of the file" : "Rows"}</summary>
                <p>{(finding.lines ?? finding.tableRows).map(count).join(", ")}</p>
              </details>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}
