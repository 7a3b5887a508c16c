import { useMemo, useState } from "react";
import { NativeSelect, TextInput } from "@mantine/core";
import { fields, type FieldOfKind } from "../../recipe/fields.ts";
import { foundClasses, manyClasses } from "../classes/class-list.ts";
import { useActions, useApp } from "../use-app.ts";
import { count } from "../words.ts";
import { FieldHelp } from "./FieldHelp.tsx";
import { WeightField } from "./WeightField.tsx";
import styles from "./setup.module.css";

const noNames: string[] = [];

/** More fields than this take long to draw: who looks for another class searches it. */
const mostShown = 50;

/** None, balanced by the counts, or one weight a class. */
export function ClassWeights({ field, locked }: { field: FieldOfKind<"weights">; locked: boolean }) {
  const weights = useApp(({ recipe }) => recipe[field]);
  const names = useApp(({ data }) => data.summary?.labelNames ?? noNames);
  const { setRecipe } = useActions();
  const byHand = weights !== null && weights !== "balanced";
  const choose = (kind: string) => {
    const chosen =
      kind === "none" ? null : kind === "balanced" ? "balanced" : Object.fromEntries(names.map((name) => [name, 1]));
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
          { value: "hand", label: "By hand", disabled: names.length === 0 && !byHand },
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {byHand && <WeightsByHand names={names} weights={weights} locked={locked} />}
    </div>
  );
}

interface WeightsByHandProps {
  names: readonly string[];
  weights: Record<string, number>;
  locked: boolean;
}

/** A field for the weight of each class; of many classes for those that are searched. */
export function WeightsByHand({ names, weights, locked }: WeightsByHandProps) {
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
          return <WeightField key={name} name={name} weights={weights} locked={locked} />;
        })}
      </div>
      {found.length > mostShown && (
        <p className={styles.leftOut}>
          The first {mostShown} of {count(found.length)} classes. Search for others, or edit the recipe’s JSON.
        </p>
      )}
    </>
  );
}
