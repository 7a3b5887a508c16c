import { Button } from "@mantine/core";
import type { Remedy } from "../../advice/finding.ts";
import { Icon } from "../Icon.tsx";
import { useActions, useApp } from "../use-app.ts";
import { holds } from "./holds.ts";
import styles from "./advice.module.css";

/**
 * Puts a remedy into the recipe, in one change that undo takes back. When it cannot, or need not, it stays in the order
 * of the tab key and says why: a button that vanished from under the finger would lose its reader's place.
 */
export function AdviceButton({ change, locked }: { change: NonNullable<Remedy["change"]>; locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const { setRecipe } = useActions();
  const done = holds(recipe, change.patch);
  const idle = locked || done;
  return (
    <Button
      variant="default"
      classNames={{ root: styles.button, label: styles.label }}
      size="compact-sm"
      aria-disabled={idle}
      title={locked ? "For the next run: works once this run has ended." : undefined}
      leftSection={done ? <Icon name="check" size={14} /> : undefined}
      onClick={() => {
        if (!idle) void setRecipe(change.patch);
      }}
    >
      {done ? `In the recipe: ${change.label}` : change.label}
    </Button>
  );
}
