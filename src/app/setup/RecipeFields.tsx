import { Text, NativeSelect } from "@mantine/core";
import type { ComponentType } from "react";
import { automaticRules } from "../../recipe/automatic-rules.ts";
import { fieldGroups, fields, type FieldName, isOfKind } from "../../recipe/fields.ts";
import { automaticWay, isAutomaticWay, presetOf, presets, withPreset } from "../../recipe/presets.ts";
import { isRelevant, silencedBy, withTask } from "../../recipe/relevance.ts";
import { hasEarlierTexts } from "../state.ts";
import { useApp, useActions } from "../use-app.ts";
import { ChoiceField, ListField, SwitchField } from "./ChoiceFields.tsx";
import { AutomaticNote } from "./AutomaticNote.tsx";
import type { FieldLink } from "./field-link.ts";
import { FrozenLayers } from "./FrozenLayers.tsx";
import { NumberField } from "./NumberField.tsx";
import { WeightsByClass } from "./WeightsByClass.tsx";
import { RateFinder } from "./RateFinder.tsx";
import styles from "./setup.module.css";

/** The recipe as fields: the basics, then groups that unfold; a field without effect is left out. */
export function RecipeFields({ link, locked }: { link: FieldLink | null; locked: boolean }) {
  const task = useApp(({ data }) => data.summary?.task);
  const recipe = withTask(
    useApp((app) => app.recipe),
    task,
  );
  const hidesWords = useApp(hasEarlierTexts);
  const [basics, ...others] = fieldGroups;
  const silencer = link && silencedBy(link.field, recipe, hidesWords);
  const framed = (field: FieldName) => {
    const linked = (silencer ?? link?.field) === field;
    return (
      <div key={field} data-field={field} tabIndex={-1} className={linked ? styles.linked : styles.field}>
        {linked && silencer && <WithoutEffect field={link.field} by={silencer} />}
        <RecipeField field={field} locked={locked} />
      </div>
    );
  };
  const shown = (names: readonly FieldName[]) =>
    names.filter((field) => isRelevant(field, recipe, hidesWords)).map(framed);
  return (
    <>
      <PresetField locked={locked} />
      {basics && shown(basics.fields)}
      {others
        .map(({ title, fields: names }) => ({ title, own: shown(names) }))
        .filter(({ own }) => own.length > 0)
        .map(({ title, own }) => (
          <details key={title} className={styles.details}>
            <summary>{title}</summary>
            <div className={styles.fields}>{own}</div>
          </details>
        ))}
    </>
  );
}

function WithoutEffect({ field, by }: { field: FieldName; by: FieldName }) {
  return (
    <Text size="sm" role="status">
      “{fields[field].label}” is not shown: it has no effect with the present “{fields[by].label}”.
    </Text>
  );
}

interface FieldProps<Name extends FieldName> {
  field: Name;
  locked: boolean;
}

type Beside = ComponentType<{ locked: boolean }>;

/** What is shown above and below the control of a field. */
const beside: Partial<Record<FieldName, { above?: Beside; below?: Beside }>> = {
  effort: { below: QuickNote },
  learningRate: { below: RateFinder },
  ewc: { above: EarlierNote },
};

/** One field of the recipe, with what is shown around it. */
export function RecipeField({ field, locked }: FieldProps<FieldName>) {
  const { above: Above, below: Below } = beside[field] ?? {};
  return (
    <>
      {Above && <Above locked={locked} />}
      <Control field={field} locked={locked} />
      {!isOfKind(field, "number", "share") && <AutomaticNote field={field} locked={locked} />}
      {Below && <Below locked={locked} />}
    </>
  );
}

/** The control of a field, by its kind. */
function Control({ field, locked }: FieldProps<FieldName>) {
  if (isOfKind(field, "number", "share")) return <NumberField field={field} locked={locked} />;
  if (isOfKind(field, "choice")) return <ChoiceField field={field} locked={locked} />;
  if (isOfKind(field, "switch")) return <SwitchField field={field} locked={locked} />;
  if (isOfKind(field, "list")) return <ListField field={field} locked={locked} />;
  if (isOfKind(field, "layers")) return <FrozenLayers field={field} locked={locked} />;
  if (isOfKind(field, "weights")) return <WeightsByClass field={field} locked={locked} />;
  return field satisfies never;
}

/** Says where the other fields are, while the baseline alone is asked for. */
function QuickNote() {
  const isQuick = useApp(({ recipe }) => recipe.effort === "quick");
  return (
    isQuick && (
      <Text size="xs" mt={4} role="status">
        Nothing is trained: epochs, rate, batch size and all else that only training reads have no effect and are not
        shown. They keep their values.
      </Text>
    )
  );
}

/** Where the rows of the earlier task come from; shown above the fields that need them. */
function EarlierNote() {
  const choice = useApp(({ earlier }) => earlier.choice);
  return (
    <Text size="sm" c="var(--quiet)">
      {choice
        ? `${choice.kind === "rows" ? "Rows" : "Texts"} of the earlier task: ${choice.source.name}. With all of these at 0 it is only used for scoring.`
        : "These need rows of the task that the model was fine-tuned on before, or (consolidation only) plain texts of the kind it was pretrained on: drop their file in the Data card, under “Earlier task”."}
    </Text>
  );
}

const own = "own";
const untouchedWay = "automatic";

/** The ways to train, each a filled-in recipe; a recipe that is none of them is called "own recipe". */
export function PresetField({ locked }: { locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const { takeRecipe } = useActions();
  const untouched = isAutomaticWay(recipe);
  const current = untouched ? null : presetOf(recipe);
  const options = [
    { value: untouchedWay, label: "Automatic" },
    ...presets.map(({ name, title }) => ({ value: name, label: title })),
  ];
  return (
    <NativeSelect
      size="xs"
      label="Way to train"
      description={
        recipe.effort === "quick"
          ? `No effect while “${fields.effort.label}” is quick: nothing is trained.`
          : current
            ? `${current.what} After ${current.source}${current.source.endsWith("?") ? "" : "."}`
            : untouched
              ? `All weights train. Rate: ${automaticRules.learningRate.rule}. Epochs: ${automaticRules.epochs.rule}.`
              : "A recipe of your own. Choosing a way replaces its fields."
      }
      inputWrapperOrder={["label", "input", "description"]}
      disabled={locked}
      value={untouched ? untouchedWay : (current?.name ?? own)}
      data={untouched || current ? options : [{ value: own, label: "Own recipe" }, ...options]}
      onChange={({ currentTarget: { value } }) => {
        if (value === untouchedWay) return void takeRecipe(automaticWay(recipe));
        const chosen = presets.find(({ name }) => name === value);
        if (chosen) void takeRecipe(withPreset(recipe, chosen));
      }}
    />
  );
}
