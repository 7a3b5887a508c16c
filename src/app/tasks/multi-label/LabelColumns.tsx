import { MultiSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ColumnsProps } from "../panels.ts";
import styles from "./multi-label.module.css";

/** Which columns are labels: one that lists them, with what stands between them, or one of 0 and 1 for each. */
export function LabelColumns({ table, columns, locked, onChoose }: ColumnsProps) {
  const { text, pair, label, moreLabels = [] } = columns;
  const options = table.columns.flatMap((name, i) =>
    i === text || i === pair ? [] : [{ value: String(i), label: name }],
  );
  const chosen = [label, ...moreLabels];
  const choose = (values: string[]) => {
    const [first, ...rest] = values.map(Number);
    if (first === undefined) return;
    // A separator belongs to a single column that lists labels.
    const separator = rest.length > 0 ? undefined : columns.separator;
    onChoose({ ...columns, label: first, moreLabels: rest, separator });
  };
  return (
    <div className={styles.columns}>
      <MultiSelect
        size="xs"
        label="Label columns"
        description={
          chosen.length > 1 ? "One label each: 1 where a row has it, 0 where not." : "Lists the labels of a row."
        }
        inputWrapperOrder={["label", "input", "description"]}
        disabled={locked}
        data={options}
        value={chosen.map(String)}
        onChange={choose}
        searchable
        hidePickedOptions
        comboboxProps={{ withinPortal: false }}
      />
      {chosen.length === 1 && <Separator columns={columns} table={table} locked={locked} onChoose={onChoose} />}
    </div>
  );
}

/** What stands between the labels of a cell; taken when the field is left or Enter is pressed. */
function Separator({ columns, locked, onChoose }: ColumnsProps) {
  const { separator = "" } = columns;
  const [typed, setTyped] = useState<string | null>(null);
  const take = () => {
    setTyped(null);
    if (typed === null || typed === separator) return;
    onChoose({ ...columns, separator: typed === "" ? undefined : typed });
  };
  return (
    <TextInput
      size="xs"
      label="Between labels"
      description="A cell with brackets is read as a list."
      inputWrapperOrder={["label", "input", "description"]}
      placeholder="detected"
      disabled={locked}
      value={typed ?? separator}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
    />
  );
}
