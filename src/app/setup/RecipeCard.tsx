import { Button, Group, SegmentedControl } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { silencedBy, withTask } from "../../recipe/relevance.ts";
import { sameChoices, type AutomaticReasons } from "../../recipe/automatic.ts";
import type { AutomaticField } from "../../recipe/automatic-fields.ts";
import { untouchedRecipe, type Recipe } from "../../recipe/recipe.ts";
import { automaticReasons } from "../actions/recipe-actions.ts";
import { useFileInput } from "../drop/read-drop.ts";
import { useTakeOne } from "../drop/use-take-files.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { saveFile } from "../save-file.ts";
import { jsonDraft } from "../drafts.ts";
import { hasEarlierTexts, isActive, type Place } from "../state.ts";
import { useActions, useApp, useAppStore } from "../use-app.ts";
import { counted, plainNumber } from "../../recipe/wording.ts";
import type { FieldLink } from "./field-link.ts";
import { focusField } from "./focus.ts";
import { RecipeFields } from "./RecipeFields.tsx";
import { RecipeJson } from "./RecipeJson.tsx";
import { SetupCard, type CardState } from "./SetupCard.tsx";

interface RecipeCardProps extends CardState {
  link: FieldLink | null;
  goTo: Place | null;
}

/** The recipe, as fields or as JSON. */
export function RecipeCard({ link, goTo, ...state }: RecipeCardProps) {
  const recipe = useApp((app) => app.recipe);
  const reasons = useApp(useShallow(automaticReasons));
  const problem = useApp((app) => app.recipeProblem);
  const locked = useApp(({ run }) => isActive(run.status));
  const { resetRecipe, saveRecipe, dismissRecipeProblem } = useActions();
  const [recipeRef, chooseRecipe] = useFileInput(useTakeOne("loadRecipe"));
  const [view, setView] = useState("fields");
  const drafts = useApp((app) => app.drafts.size);
  const [seen, setSeen] = useState({ link, goTo });
  if (seen.link !== link || seen.goTo !== goTo) {
    setSeen({ link, goTo });
    if (seen.link !== link) setView("fields");
    else if (goTo?.card === "recipe") setView(goTo.field === jsonDraft ? "json" : "fields");
  }
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) answer.current?.scrollIntoView({ block: "nearest" });
  }, [problem]);
  useFollowedLink(link, state.opened && view === "fields");
  return (
    <SetupCard
      {...state}
      opened={state.opened || problem !== null}
      title="Recipe"
      icon="sliders"
      line={recipeLine(recipe, reasons)}
      ready
    >
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
      {view === "json" ? <RecipeJson locked={locked} /> : <RecipeFields link={link} locked={locked} />}
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => saveFile("recipe.json", saveRecipe())}>
          Save recipe
        </Button>
        <input ref={recipeRef} type="file" hidden accept="application/json,.json" aria-label="Recipe file" />
        <Button size="xs" variant="default" disabled={locked} onClick={chooseRecipe}>
          Load recipe
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={locked || (sameChoices(recipe, untouchedRecipe) && drafts === 0)}
          onClick={() => void resetRecipe()}
        >
          Reset to defaults
        </Button>
      </Group>
      <div ref={answer} tabIndex={-1}>
        {problem && <ProblemNote problem={problem} onDismiss={dismissRecipeProblem} />}
      </div>
    </SetupCard>
  );
}

/** Focuses the field of a link once, as soon as it is drawn: a card that is folded and opened again does not jump. */
function useFollowedLink(link: FieldLink | null, drawn: boolean): void {
  const store = useAppStore();
  const followed = useRef<FieldLink | null>(null);
  useEffect(() => {
    if (!link || !drawn || followed.current === link) return;
    followed.current = link;
    const app = store.getState();
    const recipe = withTask(app.recipe, app.data.summary?.task);
    focusField(silencedBy(link.field, recipe, hasEarlierTexts(app)) ?? link.field);
  }, [link, drawn, store]);
}

function recipeLine(recipe: Recipe, known: AutomaticReasons): string {
  const { automatic, learningRate, epochs, batchSize, maxLength } = recipe;
  const shown = (field: AutomaticField, value: string, name: string) => {
    if (!automatic.includes(field)) return value;
    return known[field] ? `${value} (automatic)` : `${name} automatic`;
  };
  const length = shown("maxLength", `max length ${maxLength}`, "max length");
  if (recipe.effort === "quick") return `The baseline alone · ${length}`;
  return [
    shown("learningRate", `Rate ${plainNumber(learningRate)}`, "Rate"),
    shown("epochs", counted(epochs, "epoch"), "epochs"),
    shown("batchSize", `batch size ${batchSize}`, "batch size"),
    length,
  ].join(" · ");
}
