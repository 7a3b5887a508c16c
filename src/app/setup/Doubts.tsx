import type { DataFix, Finding, TableSummary } from "../../workers/protocol.ts";
import { Icon } from "../Icon.tsx";
import { FixButton } from "./FixButton.tsx";
import { EncodingChoice } from "./FormatControls.tsx";
import styles from "./setup.module.css";

interface DoubtsProps {
  table: TableSummary;
  findings: Finding[];
  locked: boolean;
  onFix: (change: DataFix) => void;
}

/** On the folded card: what was detected and is doubtful, or can be corrected at one press. */
export function Doubts({ table, findings, locked, onFix }: DoubtsProps) {
  const isDoubtful = ({ id, fix, severity }: Finding) =>
    id === "doubtful-encoding" || (fix !== undefined && severity !== "note");
  const doubts = findings.filter(isDoubtful);
  if (doubts.length === 0) return null;
  return (
    <div className={styles.doubts} role="group" aria-label="Doubtful">
      {doubts.map((finding) => (
        <div key={finding.id + finding.text} className={styles.finding}>
          <span className={styles.warning}>
            <Icon name="warning" size={16} />
          </span>
          <div>
            <p>{finding.text}</p>
            {finding.fix && <FixButton fix={finding.fix} locked={locked} onFix={onFix} />}
            {finding.id === "doubtful-encoding" && (
              <EncodingChoice value={table.format.encoding} locked={locked} onChoose={(format) => onFix({ format })} />
            )}
          </div>
        </div>
      ))}
    </div>
  );
}
