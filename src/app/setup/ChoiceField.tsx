import { NativeSelect } from "@mantine/core";
import type { ChoiceField as ChoiceEntry } from "../../recipe/field-kinds.ts";
import { fields, type FieldOfKind } from "../../recipe/fields.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";

/** One of a few values. */
export function ChoiceField({ field, locked }: { field: FieldOfKind<"choice">; locked: boolean }) {
  const value = useApp(({ recipe }) => recipe[field]);
  const { setRecipe } = useActions();
  const { label, choices }: ChoiceEntry<string> = fields[field];
  return (
    <NativeSelect
      size="xs"
      label={label}
      description={<FieldHelp field={field} />}
      inputWrapperOrder={["label", "input", "description"]}
      disabled={locked}
      value={value}
      data={[...choices]}
      onChange={({ currentTarget }) => {
        const chosen = choices.find((choice) => choice.value === currentTarget.value);
        if (chosen) void setRecipe({ [field]: chosen.value });
      }}
    />
  );
}
