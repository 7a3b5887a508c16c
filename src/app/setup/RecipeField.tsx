import type { ComponentType } from "react";
import { isOfKind, type FieldName } from "../../recipe/fields.ts";
import { ChoiceField } from "./ChoiceField.tsx";
import { ClassWeights } from "./ClassWeights.tsx";
import { EarlierNote } from "./EarlierNote.tsx";
import { FrozenLayers } from "./FrozenLayers.tsx";
import { ListField } from "./ListField.tsx";
import { NumberField } from "./NumberField.tsx";
import { RateFinder } from "./RateFinder.tsx";
import { SwitchField } from "./SwitchField.tsx";

interface FieldProps<Name extends FieldName> {
  field: Name;
  locked: boolean;
}

type Beside = ComponentType<{ locked: boolean }>;

/** What stands above and below a field beside its control. */
const beside: Partial<Record<FieldName, { above?: Beside; below?: Beside }>> = {
  learningRate: { below: RateFinder },
  ewc: { above: EarlierNote },
};

/** One field of the recipe, with what belongs to it. */
export function RecipeField({ field, locked }: FieldProps<FieldName>) {
  const { above: Above, below: Below } = beside[field] ?? {};
  return (
    <>
      {Above && <Above locked={locked} />}
      <Control field={field} locked={locked} />
      {Below && <Below locked={locked} />}
    </>
  );
}

/** The control of a field, by its kind. */
function Control({ field, locked }: FieldProps<FieldName>) {
  if (isOfKind(field, "number", "share")) return <NumberField field={field} locked={locked} />;
  if (isOfKind(field, "choice")) return <ChoiceField field={field} locked={locked} />;
  if (isOfKind(field, "switch")) return <SwitchField field={field} locked={locked} />;
  if (isOfKind(field, "list")) return <ListField field={field} locked={locked} />;
  if (isOfKind(field, "layers")) return <FrozenLayers field={field} locked={locked} />;
  if (isOfKind(field, "weights")) return <ClassWeights field={field} locked={locked} />;
  return field satisfies never;
}
