import { Checkbox, Group } from "@mantine/core";
import { choices } from "../../recipe/choices.ts";
import { explanations } from "../../recipe/explanations.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";

/** The matrices that LoRA stands beside; the last one ticked cannot be unticked. */
export function LoraTargets({ locked }: { locked: boolean }) {
  const targets = useApp(({ recipe }) => recipe.loraTargets);
  const { setRecipe } = useActions();
  const choose = (values: string[]) => {
    const chosen = choices.loraTargets.filter(({ value }) => values.includes(value)).map(({ value }) => value);
    if (chosen.length > 0) void setRecipe({ loraTargets: chosen });
  };
  return (
    <Checkbox.Group
      size="xs"
      label={explanations.loraTargets.label}
      description={<FieldHelp field="loraTargets" />}
      inputWrapperOrder={["label", "input", "description"]}
      value={targets}
      onChange={choose}
    >
      <Group gap="xs">
        {choices.loraTargets.map(({ value, label }) => (
          <Checkbox key={value} size="xs" value={value} label={label} disabled={locked} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
