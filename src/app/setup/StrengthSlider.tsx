import { Slider } from "@mantine/core";
import { useState } from "react";
import { useActions, useApp } from "../use-app.ts";
import { placeOf, strengths, strengthText } from "./strengths.ts";

const marked = [0, 1e2, 1e4, 1e6, 1e8];

/** The strength of weight consolidation on a scale of powers of ten, whose first place is off. */
export function StrengthSlider({ locked }: { locked: boolean }) {
  const ewc = useApp(({ recipe }) => recipe.ewc);
  const { setRecipe } = useActions();
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = dragged === null ? ewc : (strengths[dragged] ?? 0);
  return (
    <Slider
      mb="lg"
      disabled={locked}
      min={0}
      max={strengths.length - 1}
      step={1}
      value={dragged ?? placeOf(ewc)}
      label={(place) => strengthText(strengths[place] ?? 0)}
      marks={marked.map((strength) => ({ value: placeOf(strength), label: strengthText(strength) }))}
      thumbProps={{ "aria-label": "Strength of weight consolidation", "aria-valuetext": strengthText(shown) }}
      onChange={setDragged}
      onChangeEnd={(place) => {
        setDragged(null);
        void setRecipe({ ewc: strengths[place] ?? 0 });
      }}
    />
  );
}
