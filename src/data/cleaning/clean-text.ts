import { decodeEntities } from "./entities.ts";
import { htmlReplacements } from "./html-patterns.ts";
import { replacer, type Replacement } from "./replacement.ts";
import { textFieldsOn, type TextField, type TextSteps } from "../../recipe/cleaning-steps.ts";
import { numberReplacements, spaceReplacements, urlReplacements, userReplacements } from "./word-patterns.ts";

/** A text as a run reads it, of the text as it came. */
type TextCleaner = (text: string) => string;

/** What a step does to a text. */
interface TextStep {
  /** Regular expressions and what their matches become, one after another. */
  replacements: readonly Replacement[];
  /** Whether references to characters are decoded after that. */
  decodesEntities?: true;
  /** The Unicode form that is made. */
  form?: "NFC" | "NFKC";
}

/** What a step does; with “none” the Unicode form stays. */
export function stepOf(field: TextField, { cleanUnicode }: Pick<TextSteps, "cleanUnicode">): TextStep {
  switch (field) {
    case "cleanHtml":
      return { replacements: htmlReplacements, decodesEntities: true };
    case "cleanUnicode":
      return { replacements: [], ...(cleanUnicode !== "none" && { form: cleanUnicode }) };
    case "cleanUrls":
      return { replacements: urlReplacements };
    case "cleanUsers":
      return { replacements: userReplacements };
    case "cleanNumbers":
      return { replacements: numberReplacements };
    case "cleanSpaces":
      return { replacements: spaceReplacements };
  }
}

/** One step alone. */
export function cleanerOf(field: TextField, steps: Pick<TextSteps, "cleanUnicode">): TextCleaner {
  const { replacements, decodesEntities, form } = stepOf(field, steps);
  const replace = replacer(replacements);
  return (text) => {
    const replaced = replace(text);
    const decoded = decodesEntities ? decodeEntities(replaced) : replaced;
    return form ? decoded.normalize(form) : decoded;
  };
}

/** All steps of a recipe that change texts, in their order; null where none is on. */
export function textCleaner(steps: TextSteps): TextCleaner | null {
  const cleaners = textFieldsOn(steps).map((field) => cleanerOf(field, steps));
  return cleaners.length === 0 ? null : (text) => cleaners.reduce((cleaned, clean) => clean(cleaned), text);
}
