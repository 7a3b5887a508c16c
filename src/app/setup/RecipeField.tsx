import { NativeSelect } from "@mantine/core";
import { explanations, type RecipeField as FieldName } from "../../recipe/explanations.ts";
import { useActions, useApp } from "../use-app.ts";
import { ClassWeights } from "./ClassWeights.tsx";
import { FieldHelp } from "./FieldHelp.tsx";
import { FrozenLayers } from "./FrozenLayers.tsx";
import { NumberField } from "./NumberField.tsx";

/** One field of the recipe in the form that suits it. */
export function RecipeField({ field, locked }: { field: FieldName; locked: boolean }) {
  const schedule = useApp(({ recipe }) => recipe.schedule);
  const { setRecipe } = useActions();
  switch (field) {
    case "schedule":
      return (
        <NativeSelect
          size="xs"
          label={explanations.schedule.label}
          description={<FieldHelp field="schedule" />}
          inputWrapperOrder={["label", "input", "description"]}
          disabled={locked}
          value={schedule}
          data={[
            { value: "linear", label: "Linear" },
            { value: "cosine", label: "Cosine" },
          ]}
          onChange={({ currentTarget: { value } }) =>
            void setRecipe({ schedule: value === "cosine" ? "cosine" : "linear" })
          }
        />
      );
    case "classWeights":
      return <ClassWeights locked={locked} />;
    case "frozen":
      return <FrozenLayers locked={locked} />;
    default:
      return <NumberField field={field} locked={locked} />;
  }
}
