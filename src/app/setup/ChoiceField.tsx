import { NativeSelect } from "@mantine/core";
import { choices } from "../../recipe/choices.ts";
import { explanations } from "../../recipe/explanations.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";

export type ChoiceFieldName = Exclude<keyof typeof choices, "loraTargets">;

/** One of a few values. */
export function ChoiceField({ field, locked }: { field: ChoiceFieldName; locked: boolean }) {
  const value = useApp(({ recipe }) => recipe[field]);
  const { setRecipe } = useActions();
  return (
    <NativeSelect
      size="xs"
      label={explanations[field].label}
      description={<FieldHelp field={field} />}
      inputWrapperOrder={["label", "input", "description"]}
      disabled={locked}
      value={value}
      data={[...choices[field]]}
      onChange={({ currentTarget }) => {
        const chosen = choices[field].find((choice) => choice.value === currentTarget.value);
        if (chosen) void setRecipe({ [field]: chosen.value });
      }}
    />
  );
}
