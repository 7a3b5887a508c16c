import { NativeSelect } from "@mantine/core";
import { explanations } from "../../recipe/explanations.ts";
import { useActions, useApp } from "../use-app.ts";
import { FieldHelp } from "./FieldHelp.tsx";
import { WeightField } from "./WeightField.tsx";
import styles from "./setup.module.css";

const noNames: string[] = [];

/** More fields than this are better edited as JSON, and take long to draw. */
const mostShown = 100;

/** None, balanced by the counts, or one weight a class. */
export function ClassWeights({ locked }: { locked: boolean }) {
  const weights = useApp(({ recipe }) => recipe.classWeights);
  const names = useApp(({ data }) => data.summary?.labelNames ?? noNames);
  const { setRecipe } = useActions();
  const byHand = weights !== null && weights !== "balanced";
  const choose = (kind: string) => {
    const classWeights =
      kind === "none" ? null : kind === "balanced" ? "balanced" : Object.fromEntries(names.map((name) => [name, 1]));
    void setRecipe({ classWeights });
  };
  return (
    <div>
      <NativeSelect
        size="xs"
        label={explanations.classWeights.label}
        description={<FieldHelp field="classWeights" />}
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
      {byHand && (
        <div className={styles.weights}>
          {[...new Set([...names, ...Object.keys(weights)])].slice(0, mostShown).map((name) => (
            <WeightField key={name} name={name} weights={weights} locked={locked} />
          ))}
          {names.length > mostShown && (
            <p>
              The first {mostShown} of {names.length} classes; the others are in the recipe’s JSON.
            </p>
          )}
        </div>
      )}
    </div>
  );
}
