import { Button, Text } from "@mantine/core";
import { useShallow } from "zustand/react/shallow";
import type { AutomaticField } from "../../recipe/automatic.ts";
import { automaticReasons } from "../actions/automatic-recipe.ts";
import { useActions, useApp } from "../use-app.ts";
import { plainNumber } from "../words.ts";

/** Says what an automatic field follows from; one that a person has set can be made automatic again. */
export function AutomaticNote({ field, locked }: { field: AutomaticField; locked: boolean }) {
  const facts = useApp(useShallow(({ recipe, automatic, data, model }) => ({ recipe, automatic, data, model })));
  const { makeAutomatic } = useActions();
  if (!facts.automatic.includes(field)) {
    return (
      <Button size="compact-sm" variant="default" disabled={locked} onClick={() => void makeAutomatic(field)}>
        Make automatic
      </Button>
    );
  }
  const reason = automaticReasons(facts)[field];
  return (
    <Text size="xs">
      {reason
        ? `Automatic: ${plainNumber(facts.recipe[field])}, because ${reason}.`
        : `Automatic: set as soon as ${field === "epochs" ? "the data" : "the model"} is open.`}
    </Text>
  );
}
