import type { RecipeField as FieldName } from "../../recipe/explanations.ts";
import { AutomaticNote } from "./AutomaticNote.tsx";
import { ChoiceField } from "./ChoiceField.tsx";
import { ClassWeights } from "./ClassWeights.tsx";
import { EarlierNote } from "./EarlierNote.tsx";
import { FrozenLayers } from "./FrozenLayers.tsx";
import { LoraTargets } from "./LoraTargets.tsx";
import { NumberField } from "./NumberField.tsx";
import { RateFinder } from "./RateFinder.tsx";
import { StrengthSlider } from "./StrengthSlider.tsx";
import { SwitchField } from "./SwitchField.tsx";

/** One field of the recipe in the form that suits it. */
export function RecipeField({ field, locked }: { field: FieldName; locked: boolean }) {
  switch (field) {
    case "learningRate":
      return (
        <>
          <NumberField field={field} locked={locked} below={<AutomaticNote field={field} locked={locked} />} />
          <RateFinder locked={locked} />
        </>
      );
    case "epochs":
      return <NumberField field={field} locked={locked} below={<AutomaticNote field={field} locked={locked} />} />;
    case "ewc":
      return (
        <>
          <EarlierNote />
          <NumberField field={field} locked={locked} below={<StrengthSlider locked={locked} />} />
        </>
      );
    case "start":
    case "pooling":
    case "schedule":
    case "clipping":
    case "bestBy":
    case "average":
    case "checkpointing":
      return <ChoiceField field={field} locked={locked} />;
    case "gradualUnfreezing":
    case "biasCorrection":
    case "wholeWordMasking":
      return <SwitchField field={field} locked={locked} />;
    case "classWeights":
      return <ClassWeights locked={locked} />;
    case "frozen":
      return <FrozenLayers locked={locked} />;
    case "loraTargets":
      return <LoraTargets locked={locked} />;
    default:
      return <NumberField field={field} locked={locked} />;
  }
}
