import { Text } from "@mantine/core";
import { fieldGroups, fields, type FieldName } from "../../recipe/fields.ts";
import { isRelevant, silencedBy } from "../../recipe/relevance.ts";
import { hasEarlierTexts } from "../state.ts";
import { useApp } from "../use-app.ts";
import type { FieldLink } from "./field-link.ts";
import { PresetField } from "./PresetField.tsx";
import { RecipeField } from "./RecipeField.tsx";
import styles from "./setup.module.css";

/** The recipe as fields: the basics, then groups that unfold; a field that would do nothing is left out. */
export function RecipeFields({ link, locked }: { link: FieldLink | null; locked: boolean }) {
  const recipe = useApp((app) => app.recipe);
  const hidesWords = useApp(hasEarlierTexts);
  const [basics, ...others] = fieldGroups;
  const silencer = link && silencedBy(link.field, recipe, hidesWords);
  const framed = (field: FieldName) => {
    const linked = (silencer ?? link?.field) === field;
    return (
      <div key={field} data-field={field} tabIndex={-1} className={linked ? styles.linked : styles.field}>
        {linked && silencer && <Silenced field={link.field} by={silencer} />}
        <RecipeField field={field} locked={locked} />
      </div>
    );
  };
  return (
    <>
      <PresetField locked={locked} />
      {basics?.fields.map(framed)}
      {others.map(({ title, fields: names }) => (
        <details key={title} className={styles.details}>
          <summary>{title}</summary>
          <div className={styles.fields}>
            {names.filter((field) => isRelevant(field, recipe, hidesWords)).map(framed)}
          </div>
        </details>
      ))}
    </>
  );
}

function Silenced({ field, by }: { field: FieldName; by: FieldName }) {
  return (
    <Text size="sm" role="status">
      “{fields[field].label}” is not shown: as “{fields[by].label}” is now, it does nothing.
    </Text>
  );
}
