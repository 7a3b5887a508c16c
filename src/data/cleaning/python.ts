import { textFieldsOn, type TextField, type TextSteps } from "../../recipe/cleaning-steps.ts";
import { stepOf } from "./clean-text.ts";
import type { Replacement } from "./replacement.ts";

const said: Record<TextField, (steps: TextSteps) => string> = {
  cleanHtml: () => "HTML is taken out and its entities are decoded",
  cleanUnicode: ({ cleanUnicode }) => `Unicode is brought to the form ${cleanUnicode}`,
  cleanUrls: () => "web addresses become http",
  cleanUsers: () => "user names become @user",
  cleanNumbers: () => "numbers become 0",
  cleanSpaces: () => "white space becomes single spaces",
};

/** What is done to texts, as a list in words; "" where nothing is. */
export function cleaningWords(steps: TextSteps): string {
  const parts = textFieldsOn(steps).map((field) => said[field](steps));
  const last = parts.pop();
  if (last === undefined) return "";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}

/** Python that defines `clean(text)`, which does to a text what a run did; empty where that is nothing. */
export function pythonCleaner(steps: TextSteps): string[] {
  const on = textFieldsOn(steps);
  if (on.length === 0) return [];
  const done = on.map((field) => stepOf(field, steps));
  const modules = [
    ...(done.some(({ decodesEntities }) => decodesEntities) ? ["html"] : []),
    ...(done.some(({ replacements }) => replacements.length > 0) ? ["re"] : []),
    ...(done.some(({ form }) => form) ? ["unicodedata"] : []),
  ];
  const body = done.flatMap(({ replacements, decodesEntities, form }) => [
    ...replacements.map(replaced),
    ...(decodesEntities ? ["text = html.unescape(text)"] : []),
    ...(form ? [`text = unicodedata.normalize("${form}", text)`] : []),
  ]);
  return [
    `import ${modules.join(", ")}`,
    "",
    "def clean(text):",
    ...[...body, "return text"].map((line) => `    ${line}`),
  ];
}

/** A JSON string is one of Python's too. */
function replaced({ pattern, by, anyCase }: Replacement): string {
  const flags = anyCase ? ", flags=re.ASCII | re.IGNORECASE" : "";
  return `text = re.sub(${JSON.stringify(pattern)}, ${JSON.stringify(by)}, text${flags})`;
}
