import type { TokenizerAndRendererExtension } from "marked";
import { fields } from "../../src/recipe/fields.ts";
import { appWindow } from "../../src/app/windows.ts";

const pattern = /^\*\*([^*`]+)\*\* \(`(\w+)`\)/;

/**
 * Where a document names a field of the recipe as **Label** (`key`), the label becomes a link that opens the field in
 * the app, in the tab that is open already. On a code host the same text is bold and code.
 *
 * @throws {Error} when there is no such field, or the page calls it otherwise
 */
export const fieldLinks: TokenizerAndRendererExtension = {
  name: "field",
  level: "inline",
  start: (text) => text.indexOf("**"),
  tokenizer(text) {
    const [raw, label, key] = pattern.exec(text) ?? [];
    if (!raw) return undefined;
    const known = Object.entries(fields).find(([field]) => field === key);
    if (known?.[1].label !== label) throw new Error(`The recipe has no field “${label}” (${key}).`);
    return { type: "field", raw, label, key };
  },
  renderer: ({ label, key }) =>
    `<a class="field" href="./#recipe.${key}" target="${appWindow}"><strong>${label}</strong></a> (<code>${key}</code>)`,
};
