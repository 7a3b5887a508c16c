import { Slider } from "@mantine/core";
import { useState } from "react";
import { fields, type NumberFieldName } from "../../recipe/fields.ts";
import { useActions, useApp } from "../use-app.ts";
import { placeOf, strengths, strengthText } from "./strengths.ts";

/** 1e2 stands too near to off to be named. */
const marked = [0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
const textAt = (place: number) => strengthText(strengths[place] ?? 0);

/** The strength of a method on a scale of powers of ten, whose first place is off. */
export function StrengthSlider({ field, locked }: { field: NumberFieldName; locked: boolean }) {
  const strength = useApp(({ recipe }) => recipe[field]) ?? 0;
  const { setRecipe } = useActions();
  const [dragged, setDragged] = useState<number | null>(null);
  return (
    <Slider
      // Room for the names of both ends, which stand out over the track, and below it.
      mx={12}
      mt={10}
      mb={28}
      disabled={locked}
      min={0}
      max={strengths.length - 1}
      step={1}
      value={dragged ?? placeOf(strength)}
      label={textAt}
      marks={marked.map((mark) => ({ value: placeOf(mark), label: strengthText(mark) }))}
      thumbLabel={fields[field].slider?.name ?? fields[field].label}
      thumbValueText={textAt}
      onChange={setDragged}
      onChangeEnd={(place) => {
        setDragged(null);
        void setRecipe({ [field]: strengths[place] ?? 0 });
      }}
    />
  );
}
