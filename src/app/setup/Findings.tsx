import { Button } from "@mantine/core";
import type { DataFix, Finding, TableSummary } from "../../workers/protocol.ts";
import { Icon } from "../Icon.tsx";
import { wholeText } from "../figures.ts";
import { EncodingChoice } from "./FormatControls.tsx";
import styles from "./setup.module.css";

interface FindingsProps {
  findings: Finding[];
  title?: string;
  locked?: boolean;
  /** Makes the change that a finding offers; when absent, no buttons are shown. */
  onFix?: (change: DataFix) => void;
}

/** What a person should know about the data. Blocking findings are left out: they are at the top of the card. */
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
                <p>{(finding.lines ?? finding.tableRows).map(wholeText).join(", ")}</p>
              </details>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

interface DoubtsProps {
  table: TableSummary;
  findings: Finding[];
  locked: boolean;
  onFix: (change: DataFix) => void;
}

/** Buttons that fix what keeps the run from starting; the text above them says what that is. */
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

/** On the folded card: what was detected with doubt, or can be corrected by a button. */
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

interface FixButtonProps {
  fix: NonNullable<Finding["fix"]>;
  locked: boolean;
  onFix: (change: DataFix) => void;
}

/** Makes the correction that a finding offers; Undo reverts it. */
function FixButton({ fix, locked, onFix }: FixButtonProps) {
  return (
    <Button size="compact-xs" variant="default" my={4} disabled={locked} onClick={() => onFix(fix.change)}>
      {fix.label}
    </Button>
  );
}
