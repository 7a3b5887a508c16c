import { Checkbox, Group } from "@mantine/core";
import { fields, type FieldOfKind } from "../../recipe/fields.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";

/** Some of a few values; the last one ticked cannot be unticked. */
export function ListField({ field, locked }: { field: FieldOfKind<"list">; locked: boolean }) {
  const chosen = useApp(({ recipe }) => recipe[field]);
  const { setRecipe } = useActions();
  const { label, choices } = fields[field];
  const choose = (ticked: string[]) => {
    const values = choices.map(({ value }) => value).filter((value) => ticked.includes(value));
    if (values.length > 0) void setRecipe({ [field]: values });
  };
  return (
    <Checkbox.Group
      size="xs"
      label={label}
      description={<FieldHelp field={field} />}
      inputWrapperOrder={["label", "input", "description"]}
      value={chosen}
      onChange={choose}
    >
      <Group gap="xs">
        {choices.map(({ value, label: name }) => (
          <Checkbox key={value} size="xs" value={value} label={name} disabled={locked} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
