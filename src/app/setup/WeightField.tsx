import { TextInput } from "@mantine/core";
import { useState } from "react";
import { readWeight, weightDraft, weightProblem } from "../drafts.ts";
import { useActions, useApp } from "../use-app.ts";

interface WeightFieldProps {
  /** Of the class. */
  name: string;
  weights: Record<string, number>;
  locked: boolean;
}

/** The weight of one class. What is no weight stays as it was typed, and keeps a run from starting. */
export function WeightField({ name, weights, locked }: WeightFieldProps) {
  const key = weightDraft(name);
  const draft = useApp(({ drafts }) => drafts.get(key));
  const { setRecipe, setDraft } = useActions();
  const [typing, setTyping] = useState(false);
  const weight = Object.hasOwn(weights, name) ? weights[name] : undefined;
  const commit = () => {
    setTyping(false);
    const typed = draft === undefined ? null : readWeight(draft);
    if (typed === null) return;
    setDraft(key, null);
    // By entries: a class may be called __proto__.
    const others = Object.entries(weights).filter(([other]) => other !== name);
    void setRecipe({ classWeights: Object.fromEntries([...others, [name, typed]]) });
  };
  return (
    <TextInput
      size="xs"
      label={name}
      inputMode="decimal"
      disabled={locked}
      value={draft ?? String(weight ?? 1)}
      error={draft !== undefined && !typing && readWeight(draft) === null ? weightProblem : null}
      onChange={(event) => {
        setTyping(true);
        setDraft(key, event.currentTarget.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setDraft(key, null);
      }}
    />
  );
}
