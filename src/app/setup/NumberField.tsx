import { TextInput, Slider } from "@mantine/core";
import { useState } from "react";
import { readField } from "../../recipe/field-text.ts";
import { fields, type NumberFieldName } from "../../recipe/fields.ts";
import { useActions, useApp } from "../use-app.ts";
import { useFieldReason } from "../use-reasons.ts";
import { plainNumber } from "../../recipe/wording.ts";
import { AutomaticNote } from "./AutomaticNote.tsx";
import { FieldHelp } from "./FieldHelp.tsx";

interface NumberFieldProps {
  field: NumberFieldName;
  locked: boolean;
}

/**
 * A number as people write it (2e-5, 0.1), applied on Enter or when the field loses focus. Text that is no value of the
 * field stays as typed, also when the card folds, and keeps a run from starting.
 */
export function NumberField({ field, locked }: NumberFieldProps) {
  const { label, emptyText, slider } = fields[field];
  const value = useApp(({ recipe }) => recipe[field]);
  const draft = useApp(({ drafts }) => drafts.get(field));
  const reason = useFieldReason(field);
  const { setRecipe, setDraft } = useActions();
  const [typing, setTyping] = useState(false);
  const problem = draft === undefined ? null : readField(field, draft).problem;

  const commit = () => {
    setTyping(false);
    if (draft === undefined) return;
    const read = readField(field, draft);
    if (read.problem !== null) return;
    setDraft(field, null);
    void setRecipe({ [field]: read.value });
  };

  return (
    <TextInput
      size="xs"
      label={label}
      description={<FieldHelp field={field} />}
      inputWrapperOrder={["label", "input", "error", "description"]}
      inputContainer={(input) => (
        <>
          {input}
          <AutomaticNote field={field} locked={locked} />
          {slider && <StrengthSlider field={field} locked={locked} />}
        </>
      )}
      inputMode="decimal"
      autoComplete="off"
      disabled={locked}
      // No error is shown while a number is being typed.
      error={typing ? null : (problem ?? reason)}
      placeholder={emptyText ?? undefined}
      value={draft ?? (value === null ? "" : plainNumber(value))}
      onChange={(event) => {
        setTyping(true);
        setDraft(field, event.currentTarget.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") {
          setTyping(false);
          setDraft(field, null);
        }
      }}
    />
  );
}

/** Named positions; 1e2 is too near to "off" for a name. */
const marked = [0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
const textAt = (place: number) => strengthText(strengths[place] ?? 0);

/** The strength of a method on a scale of powers of ten; the first position is off. */
function StrengthSlider({ field, locked }: { field: NumberFieldName; locked: boolean }) {
  const strength = useApp(({ recipe }) => recipe[field]) ?? 0;
  const { setRecipe } = useActions();
  const [dragged, setDragged] = useState<number | null>(null);
  return (
    <Slider
      // Room for the names of both ends, which are below the track and wider than its ends.
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

/** The values of a strength slider: 0, which is off, then 1, 2, 5 of each power of ten from 1e2 to 1e8. */
export const strengths: readonly number[] = [
  0,
  ...[2, 3, 4, 5, 6, 7].flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`))),
  1e8,
];

/** The position of the strength nearest to a value by ratio; 0 for 0, the last one for larger values. */
export function placeOf(value: number): number {
  if (value <= 0) return 0;
  const distance = (strength: number) => Math.abs(Math.log(strength / value));
  return strengths.reduce((best, strength, place) => {
    return place > 1 && distance(strength) < distance(strengths[best] ?? NaN) ? place : best;
  }, 1);
}

/** A strength as recipes write it: "off", "1e5". */
export function strengthText(value: number): string {
  return value === 0 ? "off" : value.toExponential().replace("e+", "e");
}
