import { Stack } from "@mantine/core";
import { useState } from "react";
import { BackendLine } from "../BackendLine.tsx";
import { hasTrained } from "../run-outcome.ts";
import { useApp } from "../use-app.ts";
import { ReasonsContext, useReasons } from "../use-reasons.ts";
import { DataCard } from "./DataCard.tsx";
import { ModelCard } from "./ModelCard.tsx";
import { RecipeCard } from "./RecipeCard.tsx";
import type { FieldLink } from "./field-link.ts";
import { useFocusAfterOpening, useFollowedPlace } from "./focus.ts";
import styles from "./setup.module.css";

type CardName = "data" | "model" | "recipe";
type Choices = Partial<Record<CardName, boolean>>;

const recipeOf = ({ recipe }: Choices): Choices => (recipe === undefined ? {} : { recipe });

/**
 * The three cards. Unless a person says otherwise, a card is open while something in it keeps the run from starting,
 * and while what was just opened in it is the newest thing on the page; a run folds them all. A link to a field of the
 * recipe opens its card.
 */
export function SetupPanel({ link }: { link: FieldLink | null }) {
  const table = useApp(({ data }) => data.table);
  const summary = useApp(({ model }) => model.summary);
  const idle = useApp(({ run }) => run.status === "idle" || (run.status === "failed" && !hasTrained(run)));
  const reasons = useReasons();
  const goTo = useApp((app) => app.goTo);

  const [seen, setSeen] = useState({ table, summary, idle, link, goTo });
  const [newest, setNewest] = useState<CardName | null>(table ? "data" : summary ? "model" : null);
  const [chosen, setChosen] = useState<Choices>(link ? { recipe: true } : {});
  if (
    seen.table !== table ||
    seen.summary !== summary ||
    seen.idle !== idle ||
    seen.link !== link ||
    seen.goTo !== goTo
  ) {
    setSeen({ table, summary, idle, link, goTo });
    if (seen.table?.name !== table?.name) setNewest("data");
    else if (seen.summary !== summary) setNewest("model");
    // Reading the same file in another way must not fold the card in use; opening another file must not fold the
    // recipe.
    if (seen.idle !== idle) setChosen({});
    else if (seen.table?.name !== table?.name || seen.summary !== summary) setChosen(recipeOf(chosen));
    if (seen.link !== link) setChosen({ ...chosen, recipe: true });
    if (goTo && seen.goTo !== goTo) setChosen({ ...chosen, [goTo.card]: true });
  }

  const cardProps = (card: CardName) => {
    const own = reasons.blockers.filter((reason) => reason.card === card).map(({ text }) => text);
    const opened = chosen[card] ?? (idle && (newest === card || own.length > 0));
    return {
      blockers: own,
      opened,
      onToggle: () => setChosen({ ...chosen, [card]: !opened }),
      // Keeps open a card that opened because of a blocker while a person fixes it.
      onWork: () => chosen[card] ?? setChosen({ ...chosen, [card]: true }),
    };
  };

  useFollowedPlace(goTo);
  useFocusAfterOpening();

  return (
    <ReasonsContext value={reasons}>
      <Stack gap="md">
        <DataCard {...cardProps("data")} />
        <ModelCard {...cardProps("model")} />
        <RecipeCard {...cardProps("recipe")} link={link} goTo={goTo} />
        <div className={styles.footer}>
          <BackendLine />
        </div>
      </Stack>
    </ReasonsContext>
  );
}
