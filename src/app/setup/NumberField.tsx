import { TextInput } from "@mantine/core";
import { useState } from "react";
import { isAutomaticField } from "../../recipe/automatic.ts";
import { readField } from "../../recipe/field-text.ts";
import { fields, type NumberFieldName } from "../../recipe/fields.ts";
import { useActions, useApp } from "../use-app.ts";
import { useFieldReason } from "../use-reasons.ts";
import { plainNumber } from "../words.ts";
import { AutomaticNote } from "./AutomaticNote.tsx";
import { FieldHelp } from "./FieldHelp.tsx";
import { StrengthSlider } from "./StrengthSlider.tsx";

interface NumberFieldProps {
  field: NumberFieldName;
  locked: boolean;
}

/**
 * A number as people write it (2e-5, 0.1); taken over on Enter or on leaving. What is no value of the field stays as it
 * was typed, also when the card folds, and keeps a run from starting.
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
          {isAutomaticField(field) && <AutomaticNote field={field} locked={locked} />}
          {slider && <StrengthSlider field={field} locked={locked} />}
        </>
      )}
      inputMode="decimal"
      autoComplete="off"
      disabled={locked}
      // A number that is being written is not wrong yet.
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
