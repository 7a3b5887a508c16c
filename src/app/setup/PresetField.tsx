import { NativeSelect } from "@mantine/core";
import { presetOf, presets, withPreset } from "../../recipe/presets.ts";
import { useActions, useApp } from "../use-app.ts";

const own = "own";

/** The ways to train as filled-in recipes; a recipe that is none of them is the person's own. */
export function PresetField({ locked }: { locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const { setRecipe } = useActions();
  const current = presetOf(recipe);
  const options = presets.map(({ name, title }) => ({ value: name, label: title }));
  return (
    <NativeSelect
      size="xs"
      label="Way to train"
      description={
        current
          ? `${current.what} After ${current.source}${current.source.endsWith("?") ? "" : "."}`
          : "A recipe of your own. Choosing a way replaces its fields."
      }
      inputWrapperOrder={["label", "input", "description"]}
      disabled={locked}
      value={current?.name ?? own}
      data={current ? options : [{ value: own, label: "Own recipe" }, ...options]}
      onChange={({ currentTarget: { value } }) => {
        const chosen = presets.find(({ name }) => name === value);
        if (chosen) void setRecipe(withPreset(recipe, chosen));
      }}
    />
  );
}
