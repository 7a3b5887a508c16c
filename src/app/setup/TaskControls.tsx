import { NativeSelect } from "@mantine/core";
import { fields } from "../../recipe/fields.ts";
import type { ColumnChoice, DataSummary } from "../../workers/protocol.ts";
import { useActions, useApp } from "../use-app.ts";
import { taskText } from "./format-words.ts";

interface TaskControlsProps {
  columns: ColumnChoice;
  /** Null while the rows are read, and where they cannot be. */
  summary: DataSummary | null;
  locked: boolean;
}

const { label, choices } = fields.task;
const [asSeen, ...others] = choices.map(({ value }) => value);

/** What is learned of the labels: as they look, with the reason, or as a person says. */
export function TaskControls({ columns, summary, locked }: TaskControlsProps) {
  const ofRecipe = useApp(({ recipe }) => recipe.task);
  const { setRecipe, chooseColumns } = useActions();
  // A correction offered beside a finding is a choice too.
  const chosen = ofRecipe !== asSeen ? ofRecipe : (others.find((task) => task === columns.task) ?? asSeen);
  const choose = (value: string) => {
    const task = choices.find((choice) => choice.value === value)?.value ?? asSeen;
    const { task: corrected, ...free } = columns;
    if (corrected !== undefined) void chooseColumns(free);
    if (task !== ofRecipe) void setRecipe({ task });
  };
  const options = choices.map((choice) => ({
    value: choice.value,
    label:
      choice.value === asSeen && chosen === asSeen && summary
        ? `${choice.label}: ${taskText(summary.task)}`
        : choice.label,
  }));
  return (
    <NativeSelect
      mt="xs"
      size="xs"
      label={label}
      description={summary?.taskReason}
      inputWrapperOrder={["label", "input", "description"]}
      disabled={locked}
      value={chosen}
      data={options}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}
