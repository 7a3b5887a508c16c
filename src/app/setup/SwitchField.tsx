import { Switch } from "@mantine/core";
import { explanations } from "../../recipe/explanations.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";

type SwitchFieldName = "gradualUnfreezing" | "biasCorrection" | "wholeWordMasking";

/** On or off. */
export function SwitchField({ field, locked }: { field: SwitchFieldName; locked: boolean }) {
  const checked = useApp(({ recipe }) => recipe[field]);
  const { setRecipe } = useActions();
  return (
    <Switch
      size="xs"
      label={explanations[field].label}
      description={<FieldHelp field={field} />}
      disabled={locked}
      checked={checked}
      onChange={(event) => void setRecipe({ [field]: event.currentTarget.checked })}
    />
  );
}
