import { NativeSelect, Checkbox, Group, Switch } from "@mantine/core";
import type { ChoiceField as ChoiceEntry } from "../../recipe/field-kinds.ts";
import { fields, type FieldOfKind } from "../../recipe/fields.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";

/** A field with one of a few values. */
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

/** A field with some of a few values; the last one ticked cannot be unticked. */
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

/** A field that is on or off. */
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
