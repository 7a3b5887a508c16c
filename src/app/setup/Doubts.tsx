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

/** The presses that mend what keeps the run from starting, to follow the words that say what it is. */
export function BlockingFixes({ findings, locked, onFix }: Omit<DoubtsProps, "table">) {
  const blocking = findings.filter(({ severity }) => severity === "blocking");
  if (!blocking.some(({ fix }) => fix !== undefined)) return null;
  return (
    <div>
      {blocking.map(
        ({ id, text, fix }) => fix && <FixButton key={id + text} fix={fix} locked={locked} onFix={onFix} />,
      )}
    </div>
  );
}

/** On the folded card: what was detected and is doubtful, or can be corrected at one press. */
export function Doubts({ table, findings, locked, onFix }: DoubtsProps) {
  const isDoubtful = ({ id, fix, severity }: Finding) =>
    id === "doubtful-encoding" || (fix !== undefined && severity === "warning");
  const doubts = findings.filter(isDoubtful);
  const blocking = findings.filter(({ fix, severity }) => fix !== undefined && severity === "blocking");
  if (doubts.length + blocking.length === 0) return null;
  return (
    <div className={styles.doubts} role="group" aria-label="Doubtful">
      <BlockingFixes findings={blocking} locked={locked} onFix={onFix} />
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
