import { NativeSelect, Switch, Text } from "@mantine/core";
import { counted } from "../../recipe/wording.ts";
import type { DataState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import styles from "./setup.module.css";

const folds = [2, 3, 4, 5, 10, 20];
const repeats = [1, 2, 3, 5, 10];

/** Whether the next start is a cross-validation, and of how many folds. */
export function FoldControls({ data: { columns }, locked }: { data: DataState; locked: boolean }) {
  const choice = useApp((app) => app.folds);
  const { setFolds } = useActions();
  return (
    <div data-field="folds" tabIndex={-1}>
      <h3 className={styles.subtitle}>Cross-validation</h3>
      <Switch
        size="xs"
        label="Score every row, in folds"
        disabled={locked}
        checked={choice.isOn}
        onChange={({ currentTarget }) => setFolds({ isOn: currentTarget.checked })}
      />
      {choice.isOn && (
        <div className={styles.double}>
          <NativeSelect
            size="xs"
            label="Folds"
            disabled={locked}
            value={String(choice.folds)}
            data={folds.map(String)}
            onChange={({ currentTarget }) => setFolds({ folds: Number(currentTarget.value) })}
          />
          <NativeSelect
            size="xs"
            label="Repeats"
            title="Each repeat lays the rows into folds anew, which narrows the interval."
            disabled={locked}
            value={String(choice.repeats)}
            data={repeats.map(String)}
            onChange={({ currentTarget }) => setFolds({ repeats: Number(currentTarget.value) })}
          />
        </div>
      )}
      <Text size="sm" c="var(--quiet)" mt={4}>
        {choice.isOn
          ? `${howLaid(columns)} Each model is scored on the fold that it did not train on; a last model trains on all rows. ${counted(choice.folds * choice.repeats + 1, "model")} in all.`
          : "Says how far a score can be trusted, and finds wrong labels. It takes several times as long."}
      </Text>
    </div>
  );
}

function howLaid(columns: DataState["columns"]): string {
  if (typeof columns?.time === "number") return "Folds are cut by time: each trains on what is older.";
  if (typeof columns?.group === "number") return "Folds are of whole groups.";
  return "Each fold has the same share of all labels.";
}
