import { Button, Group, Kbd, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { CellEdit, ColumnChoice, ViewedRow } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { percentText, wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { keyOfClass } from "./class-keys.ts";
import { LabelSelect } from "./LabelSelect.tsx";
import { stateOf } from "./RowGrid.tsx";
import styles from "./rows.module.css";

/** More classes than this are chosen from a list, beside those that keys give. */
const MOST_BUTTONS = 35;

interface RowDetailProps {
  session: Session;
  row: ViewedRow;
  columns: readonly string[];
  choice: ColumnChoice | null;
  labelNames: readonly string[];
  /** Whether a row can have several labels. */
  isSeveral: boolean;
  locked: boolean;
  onLabel: (label: string) => void;
  onDrop: () => void;
  onCells: (cells: readonly CellEdit[]) => void;
}

/** The current row in full, with what can be done to it. */
export function RowDetail(props: RowDetailProps) {
  const { session, row, columns, choice, labelNames, isSeveral, locked, onLabel, onDrop, onCells } = props;
  const { cells, problem } = useFullCells(session, row);
  const [isEditing, setEditing] = useState(false);
  const text = choice ? [choice.text, ...(choice.pair === null ? [] : [choice.pair])] : [...columns.keys()];
  const { predicted, confidence } = row;
  const disabled = locked || row.isDropped;
  return (
    <section className={styles.detail} aria-label="Current row">
      <h3>
        Row {wholeText(row.row)}
        {row.line === row.row ? "" : ` · line ${wholeText(row.line)}`} · {stateOf(row)}
        {predicted === undefined ? "" : ` · predicted ${predicted === "" ? "nothing" : predicted}`}
        {confidence === undefined || Number.isNaN(confidence) ? "" : ` (${percentText(confidence)})`}
      </h3>
      {problem && <ProblemNote problem={problem} />}
      {isEditing ? (
        <CellFields
          columns={columns}
          cells={cells}
          onCancel={() => setEditing(false)}
          onSave={(changed) => {
            setEditing(false);
            onCells(changed);
          }}
        />
      ) : (
        <>
          {text.map((column) => (
            <p key={column} className={styles.text} tabIndex={0}>
              {cells[column]}
            </p>
          ))}
          {labelNames.length > 0 && (
            <div
              className={styles.classes}
              role="group"
              aria-label={isSeveral ? "Labels of the row" : "Label of the row"}
            >
              {labelNames.slice(0, MOST_BUTTONS).map((name, place) => (
                <Button
                  key={name}
                  size="compact-sm"
                  variant={row.labels.includes(name) ? "filled" : "default"}
                  aria-pressed={row.labels.includes(name)}
                  disabled={disabled}
                  onClick={() => onLabel(name)}
                  leftSection={<Kbd size="xs">{keyOfClass(place)}</Kbd>}
                >
                  {name}
                </Button>
              ))}
              {labelNames.length > MOST_BUTTONS && (
                <LabelSelect
                  label="Another label"
                  labelNames={labelNames}
                  value={null}
                  onChange={(name) => name !== null && onLabel(name)}
                />
              )}
            </div>
          )}
          <Group gap="xs">
            <Button size="compact-sm" variant="default" disabled={disabled} onClick={() => setEditing(true)}>
              Edit the cells
            </Button>
            <Button size="compact-sm" variant="default" disabled={locked} onClick={onDrop}>
              {row.isDropped ? "Take the row back" : "Drop the row"}
            </Button>
          </Group>
        </>
      )}
      {!locked && !isEditing && (
        <p className={styles.note}>
          With the table focused: arrows move, {labelNames.length > 0 ? "the keys above label, " : ""}Delete drops or
          takes back, Ctrl + Z undoes.
        </p>
      )}
    </section>
  );
}

interface CellFieldsProps {
  columns: readonly string[];
  cells: readonly string[];
  onSave: (changed: CellEdit[]) => void;
  onCancel: () => void;
}

/** All cells of a row as fields. */
function CellFields({ columns, cells, onSave, onCancel }: CellFieldsProps) {
  const [texts, setTexts] = useState<ReadonlyMap<number, string>>(new Map());
  const save = () =>
    onSave([...texts].filter(([column, text]) => text !== cells[column]).map(([column, text]) => ({ column, text })));
  return (
    <>
      {columns.map((name, column) => (
        <Textarea
          key={column}
          label={name}
          autosize
          maxRows={8}
          mb="xs"
          value={texts.get(column) ?? cells[column] ?? ""}
          onChange={(event) => setTexts(new Map(texts).set(column, event.currentTarget.value))}
        />
      ))}
      <Group gap="xs">
        <Button size="compact-sm" onClick={save}>
          Keep the changes
        </Button>
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </>
  );
}

/** The cells of a row in full; until they have come, their beginnings. */
function useFullCells(session: Session, row: ViewedRow) {
  const [found, setFound] = useState<{ of: ViewedRow; cells: string[]; problem: ProblemReport | null }>();
  useEffect(() => {
    let wanted = true;
    session.rowCells(row.row).then(
      (cells) => wanted && setFound({ of: row, cells, problem: null }),
      (error: unknown) => wanted && setFound({ of: row, cells: [], problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, row]);
  return found?.of.row === row.row ? found : { cells: row.cells, problem: null };
}
