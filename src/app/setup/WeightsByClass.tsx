import { NativeSelect, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { weightRules } from "../../recipe/field-kinds.ts";
import { fields, type FieldOfKind } from "../../recipe/fields.ts";
import { foundClasses, manyClasses } from "../classes/class-list.ts";
import { readWeight, weightDraft, weightProblem } from "../drafts.ts";
import { useActions, useApp } from "../use-app.ts";
import { wholeText } from "../figures.ts";
import { FieldHelp } from "./FieldHelp.tsx";
import styles from "./setup.module.css";

const noNames: string[] = [];

/** At most this many fields are drawn; other classes are found by a search. */
const mostShown = 50;

/** No weights, weights by the counts, or one weight per class. */
export function WeightsByClass({ field, locked }: { field: FieldOfKind<"weights">; locked: boolean }) {
  const weights = useApp(({ recipe }) => recipe[field]);
  const names = useApp(({ data }) => data.summary?.labelNames ?? noNames);
  const { setRecipe } = useActions();
  const byHand = typeof weights === "object" && weights !== null;
  const choose = (kind: string) => {
    const rule = weightRules.find((name) => name === kind);
    const chosen = kind === "none" ? null : (rule ?? Object.fromEntries(names.map((name) => [name, 1])));
    void setRecipe({ [field]: chosen });
  };
  return (
    <div>
      <NativeSelect
        size="xs"
        label={fields[field].label}
        description={<FieldHelp field={field} />}
        inputWrapperOrder={["label", "input", "description"]}
        disabled={locked}
        value={byHand ? "hand" : (weights ?? "none")}
        data={[
          { value: "none", label: "None" },
          { value: "balanced", label: "Balanced" },
          { value: "effective", label: "By the effective number of rows" },
          { value: "hand", label: "By hand", disabled: names.length === 0 && !byHand },
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {byHand && <WeightsByHand field={field} names={names} weights={weights} locked={locked} />}
    </div>
  );
}

interface WeightsByHandProps {
  field: FieldOfKind<"weights">;
  names: readonly string[];
  weights: Record<string, number>;
  locked: boolean;
}

/** A field for the weight of each class; when there are many, for those that a search finds. */
export function WeightsByHand({ field, names, weights, locked }: WeightsByHandProps) {
  const [search, setSearch] = useState("");
  const all = useMemo(() => [...new Set([...names, ...Object.keys(weights)])], [names, weights]);
  const found = useMemo(() => foundClasses([...all.keys()], all, search), [all, search]);
  return (
    <>
      {all.length >= manyClasses && (
        <TextInput
          size="xs"
          mt={8}
          type="search"
          label="Search classes"
          placeholder="Part of a name"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <div className={styles.weights}>
        {found.slice(0, mostShown).map((place) => {
          const name = all[place] ?? "";
          return <WeightField key={name} field={field} name={name} weights={weights} locked={locked} />;
        })}
      </div>
      {found.length > mostShown && (
        <p className={styles.leftOut}>
          The first {mostShown} of {wholeText(found.length)} classes. Search for others, or edit the recipe’s JSON.
        </p>
      )}
    </>
  );
}

interface WeightFieldProps {
  field: FieldOfKind<"weights">;
  /** Name of the class. */
  name: string;
  weights: Record<string, number>;
  locked: boolean;
}

/** The weight of one class. Text that is no weight stays as typed and keeps a run from starting. */
function WeightField({ field, name, weights, locked }: WeightFieldProps) {
  const key = weightDraft(field, name);
  const draft = useApp(({ drafts }) => drafts.get(key));
  const { setRecipe, setDraft } = useActions();
  const [typing, setTyping] = useState(false);
  const weight = Object.hasOwn(weights, name) ? weights[name] : undefined;
  const commit = () => {
    setTyping(false);
    const typed = draft === undefined ? null : readWeight(draft);
    if (typed === null) return;
    setDraft(key, null);
    // Through entries, because a class may be called __proto__.
    const others = Object.entries(weights).filter(([other]) => other !== name);
    void setRecipe({ [field]: Object.fromEntries([...others, [name, typed]]) });
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
