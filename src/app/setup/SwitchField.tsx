import { Switch } from "@mantine/core";
import { fields, type FieldOfKind } from "../../recipe/fields.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";

/** On or off. */
export function SwitchField({ field, locked }: { field: FieldOfKind<"switch">; locked: boolean }) {
  const checked = useApp(({ recipe }) => recipe[field]);
  const { setRecipe } = useActions();
  return (
    <Switch
      size="xs"
      label={fields[field].label}
      description={<FieldHelp field={field} />}
      disabled={locked}
      checked={checked}
      onChange={(event) => void setRecipe({ [field]: event.currentTarget.checked })}
    />
  );
}
