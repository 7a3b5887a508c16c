import { NativeSelect } from "@mantine/core";
import { automaticFields, automaticRules } from "../../recipe/automatic.ts";
import { isAutomaticWay, presetOf, presets, withPreset } from "../../recipe/presets.ts";
import { useActions, useApp } from "../use-app.ts";

const own = "own";
const automaticWay = "automatic";

/** The ways to train, each a filled-in recipe; a recipe that is none of them is called "own recipe". */
export function PresetField({ locked }: { locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const automatic = useApp((app) => app.automatic);
  const { takeRecipe } = useActions();
  const untouched = isAutomaticWay(recipe, automatic);
  const current = untouched ? null : presetOf(recipe);
  const options = [
    { value: automaticWay, label: "Automatic" },
    ...presets.map(({ name, title }) => ({ value: name, label: title })),
  ];
  return (
    <NativeSelect
      size="xs"
      label="Way to train"
      description={
        current
          ? `${current.what} After ${current.source}${current.source.endsWith("?") ? "" : "."}`
          : untouched
            ? `All weights train. Rate: ${automaticRules.learningRate}. Epochs: ${automaticRules.epochs}.`
            : "A recipe of your own. Choosing a way replaces its fields."
      }
      inputWrapperOrder={["label", "input", "description"]}
      disabled={locked}
      value={untouched ? automaticWay : (current?.name ?? own)}
      data={untouched || current ? options : [{ value: own, label: "Own recipe" }, ...options]}
      onChange={({ currentTarget: { value } }) => {
        if (value === automaticWay) return void takeRecipe(withPreset(recipe, { changes: {} }), automaticFields);
        const chosen = presets.find(({ name }) => name === value);
        if (chosen) void takeRecipe(withPreset(recipe, chosen));
      }}
    />
  );
}
