import { Button, FileButton, Group, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { RecipeField as FieldName } from "../../recipe/explanations.ts";
import { fieldGroups } from "../../recipe/field-groups.ts";
import { isRelevant } from "../../recipe/relevance.ts";
import { defaultRecipe, type Recipe } from "../../recipe/recipe.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { saveFile } from "../save-file.ts";
import { isActive } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { counted, plainNumber } from "../words.ts";
import { PresetField } from "./PresetField.tsx";
import { RecipeField } from "./RecipeField.tsx";
import { RecipeJson } from "./RecipeJson.tsx";
import { SetupCard, type CardState } from "./SetupCard.tsx";
import styles from "./setup.module.css";

/** Everything that decides a run, as fields or as the JSON object that it is. */
export function RecipeCard(state: CardState) {
  const recipe = useApp((app) => app.recipe);
  const problem = useApp((app) => app.recipeProblem);
  const locked = useApp(({ run }) => isActive(run.status));
  const { resetRecipe, saveRecipe, loadRecipe, dismissRecipeProblem } = useActions();
  const [view, setView] = useState("fields");
  const [basics, ...others] = fieldGroups;
  const relevant = (fields: readonly FieldName[]) => fields.filter((field) => isRelevant(field, recipe));
  return (
    <SetupCard
      {...state}
      opened={state.opened || problem !== null}
      title="Recipe"
      icon="sliders"
      line={recipeLine(recipe)}
      ready
    >
      {problem && <ProblemNote problem={problem} onDismiss={dismissRecipeProblem} />}
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="View of the recipe"
        value={view}
        onChange={setView}
        data={[
          { value: "fields", label: "Fields" },
          { value: "json", label: "JSON" },
        ]}
      />
      {view === "json" ? (
        <RecipeJson locked={locked} />
      ) : (
        <>
          <PresetField locked={locked} />
          {basics?.fields.map((field) => (
            <RecipeField key={field} field={field} locked={locked} />
          ))}
          {others.map(({ title, fields }) => (
            <details key={title} className={styles.details}>
              <summary>{title}</summary>
              <div className={styles.fields}>
                {relevant(fields).map((field) => (
                  <RecipeField key={field} field={field} locked={locked} />
                ))}
              </div>
            </details>
          ))}
        </>
      )}
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => saveFile(saveRecipe())}>
          Save recipe
        </Button>
        <FileButton
          accept="application/json,.json"
          disabled={locked}
          onChange={(file) => file && void loadRecipe(file)}
        >
          {(props) => (
            <Button {...props} size="xs" variant="default" disabled={locked}>
              Load recipe
            </Button>
          )}
        </FileButton>
        <Button
          size="xs"
          variant="default"
          disabled={locked || recipe === defaultRecipe}
          onClick={() => void resetRecipe()}
        >
          Reset to defaults
        </Button>
      </Group>
    </SetupCard>
  );
}

function recipeLine({ learningRate, epochs, rowsPerStep, maxLength }: Recipe): string {
  return `Rate ${plainNumber(learningRate)} · ${counted(epochs, "epoch")} · ${rowsPerStep} rows a step · max length ${maxLength}`;
}
