import { Button, Group, Text } from "@mantine/core";
import { useShallow } from "zustand/react/shallow";
import { automaticValue } from "../../recipe/automatic.ts";
import { isAutomaticField, type AutomaticField } from "../../recipe/automatic-fields.ts";
import { automaticRules } from "../../recipe/automatic-rules.ts";
import { fields, type FieldName } from "../../recipe/fields.ts";
import { automaticReasons } from "../actions/recipe-actions.ts";
import { useActions, useApp } from "../use-app.ts";

interface AutomaticNoteProps {
  field: FieldName;
  locked: boolean;
}

/** Says why an automatic field has its value, and fixes or frees it; nothing of a field that is never automatic. */
export function AutomaticNote({ field, locked }: AutomaticNoteProps) {
  return isAutomaticField(field) ? <Note field={field} locked={locked} /> : null;
}

function Note({ field, locked }: { field: AutomaticField; locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const reason = useApp(useShallow(automaticReasons))[field];
  const { makeAutomatic } = useActions();
  const isFree = recipe.automatic.includes(field);
  const text = reason
    ? `Automatic: ${automaticValue(recipe, field)}, because ${reason}.`
    : `Automatic: set as soon as ${automaticRules[field].waitsFor} ${automaticRules[field].waitsFor === "model and data" ? "are" : "is"} open.`;
  const action = isFree ? "Fix" : "Make automatic";
  return (
    <Group gap="xs" wrap="nowrap" justify="space-between" my={4}>
      {isFree && <Text size="xs">{text}</Text>}
      <Button
        size="compact-xs"
        variant="default"
        style={{ flexShrink: 0 }}
        disabled={locked}
        aria-label={`${action}: ${fields[field].label}`}
        onClick={() => void makeAutomatic(field, !isFree)}
      >
        {action}
      </Button>
    </Group>
  );
}
