import { NativeSelect } from "@mantine/core";
import type { ColumnChoice, TableSummary } from "../../workers/protocol.ts";
import styles from "./setup.module.css";

interface ColumnControlsProps {
  table: TableSummary;
  columns: ColumnChoice | null;
  locked: boolean;
  onChoose: (columns: ColumnChoice) => void;
}

/** Which columns are the text, the second text and the label. */
export function ColumnControls({ table, columns, locked, onChoose }: ColumnControlsProps) {
  const names = table.columns.map((name, i) => ({ value: String(i), label: name }));
  // Without a guess, the first column chosen is combined with the first other column.
  const choose = (change: Partial<ColumnChoice>) => {
    const first = (not: number | undefined) => table.columns.findIndex((_, i) => i !== not);
    const text = change.text ?? columns?.text ?? first(change.label);
    const label = change.label ?? columns?.label ?? first(text);
    const pair = change.pair === undefined ? (columns?.pair ?? null) : change.pair;
    // What was set by hand, and further label columns, belong to the previous label column.
    const kept = change.label === undefined ? columns : { group: columns?.group, time: columns?.time };
    onChoose({ ...kept, text, label, pair });
  };
  const none = columns ? [] : [{ value: "", label: "Choose a column" }];
  return (
    <div className={styles.triple}>
      <NativeSelect
        size="xs"
        label="Text"
        disabled={locked}
        value={columns ? String(columns.text) : ""}
        data={[...none, ...names]}
        onChange={(event) => choose({ text: Number(event.currentTarget.value) })}
      />
      <NativeSelect
        size="xs"
        label="Label"
        disabled={locked}
        value={columns ? String(columns.label) : ""}
        data={[...none, ...names]}
        onChange={(event) => choose({ label: Number(event.currentTarget.value) })}
      />
      <NativeSelect
        size="xs"
        label="Second text"
        disabled={locked}
        value={columns?.pair === null || !columns ? "" : String(columns.pair)}
        data={[{ value: "", label: "None" }, ...names]}
        onChange={({ currentTarget: { value } }) => choose({ pair: value === "" ? null : Number(value) })}
      />
    </div>
  );
}
