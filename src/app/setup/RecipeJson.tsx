import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { reportProblem } from "../../problem/problem.ts";
import { parseRecipe, recipeText } from "../../recipe/recipe-file.ts";
import { sameField } from "../../recipe/recipe.ts";
import type { ProblemReport } from "../../workers/protocol.ts";
import { jsonDraft } from "../drafts.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { useActions, useApp } from "../use-app.ts";

/** The recipe as JSON, to read and to edit; Apply takes it over when all fields are valid. */
export function RecipeJson({ locked }: { locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const { takeRecipe, setDraft: keepDraft } = useActions();
  const draft = useApp(({ drafts }) => drafts.get(jsonDraft) ?? null);
  const setDraft = (text: string | null) => keepDraft(jsonDraft, text);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const apply = () => {
    try {
      const parsed = parseRecipe(draft ?? "", "The recipe");
      setDraft(null);
      // An automatic field whose value was edited is fixed.
      const automatic = parsed.automatic.filter(
        (field) => !recipe.automatic.includes(field) || sameField(parsed, recipe, field),
      );
      void takeRecipe({ ...parsed, automatic });
      setProblem(null);
    } catch (error) {
      const report = reportProblem(error);
      setProblem({ ...report, found: `Nothing was changed. ${report.found}` });
    }
  };
  return (
    <div data-field={jsonDraft} tabIndex={-1}>
      <Textarea
        aria-label="Recipe as JSON"
        autosize
        maxRows={32}
        spellCheck={false}
        disabled={locked}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
        value={draft ?? recipeText(recipe).trimEnd()}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <Group gap="xs" my="xs">
        <Button size="xs" disabled={draft === null || locked} onClick={apply}>
          Apply
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={draft === null}
          onClick={() => {
            setDraft(null);
            setProblem(null);
          }}
        >
          Discard edits
        </Button>
      </Group>
      {problem && <ProblemNote problem={problem} onDismiss={() => setProblem(null)} />}
    </div>
  );
}
