import { TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Problem } from "../../problem/problem.ts";
import { explanations, type RecipeField } from "../../recipe/explanations.ts";
import { recipeFrom } from "../../recipe/recipe-file.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { useActions, useApp } from "../use-app.ts";
import { plainNumber } from "../words.ts";
import { FieldHelp } from "./FieldHelp.tsx";

export type NumberFieldName = {
  [Field in RecipeField]: Recipe[Field] extends number | null ? Field : never;
}[RecipeField];

/** Fields that may be left empty, and what is then written in them. */
const emptyMeans: Partial<Record<NumberFieldName, string>> = {
  hiddenDropout: "From the checkpoint",
  attentionDropout: "From the checkpoint",
  classifierDropout: "From the checkpoint",
  warmupSteps: "By the share",
};

interface NumberFieldProps {
  field: NumberFieldName;
  locked: boolean;
  /** Another way to set it, shown right below the number. */
  below?: ReactNode;
}

/** A number as people write it (2e-5, 0.1); taken over on Enter or on leaving, if the schema holds. */
export function NumberField({ field, locked, below }: NumberFieldProps) {
  const recipe = useApp((app) => app.recipe);
  const { setRecipe } = useActions();
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState("");
  const value = recipe[field];

  const commit = () => {
    if (draft === null) return;
    try {
      void setRecipe(recipeFrom({ ...recipe, [field]: parsed(draft, field) }, explanations[field].label));
      setDraft(null);
      setError("");
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setError(problem.found);
    }
  };

  return (
    <TextInput
      size="xs"
      label={explanations[field].label}
      description={<FieldHelp field={field} />}
      inputWrapperOrder={["label", "input", "error", "description"]}
      inputContainer={(input) => (
        <>
          {input}
          {below}
        </>
      )}
      inputMode="decimal"
      autoComplete="off"
      disabled={locked}
      error={error}
      placeholder={emptyMeans[field]}
      value={draft ?? (value === null ? "" : plainNumber(value))}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") {
          setDraft(null);
          setError("");
        }
      }}
    />
  );
}

/** What is no number is left as text, for the schema to say so. */
function parsed(text: string, field: NumberFieldName): number | string | null {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return field in emptyMeans ? null : "";
  const value = Number(plain);
  return Number.isNaN(value) ? text : value;
}
