import { NativeSelect } from "@mantine/core";
import type { ColumnChoice, TableSummary } from "../../workers/protocol.ts";
import { useActions } from "../use-app.ts";
import styles from "./setup.module.css";

interface SplitColumnsProps {
  table: TableSummary;
  columns: ColumnChoice;
  /** Whether rows are split off this table; the rows of a second file are only checked for groups in both. */
  splits: boolean;
  locked: boolean;
}

/** The columns by which rows are held out: groups that stay together, and times of which the latest are held out. */
export function SplitColumns({ table, columns, splits, locked }: SplitColumnsProps) {
  const { chooseColumns } = useActions();
  const names = table.columns.map((name, i) => ({ value: String(i), label: name }));
  const select = (role: "group" | "time", label: string, title: string) => (
    <NativeSelect
      size="xs"
      label={label}
      title={title}
      disabled={locked}
      value={String(columns[role] ?? "")}
      data={[{ value: "", label: "None" }, ...names]}
      onChange={({ currentTarget: { value } }) =>
        void chooseColumns({ ...columns, [role]: value === "" ? undefined : Number(value) })
      }
    />
  );
  return (
    <div className={styles.double}>
      {select(
        "group",
        splits ? "Keep groups together" : "Check groups",
        "Rows of one value of this column stay together.",
      )}
      {splits && select("time", "Hold out the latest by", "The latest rows by this column are held out.")}
    </div>
  );
}
