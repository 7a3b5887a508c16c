import { valuesOf } from "../../src/recipe/field-text.ts";
import type { Field } from "../../src/recipe/field-kinds.ts";
import { fieldGroups, fields, type FieldName } from "../../src/recipe/fields.ts";
import { whenItMatters } from "../../src/recipe/relevance.ts";

/** Where a document has this line, the page has all fields of the recipe. */
const mark = "<!-- all fields of the recipe -->";

/** A document with the reference of the recipe's fields in the place of its mark. */
export function withFieldReference(markdown: string): string {
  return markdown.replace(mark, () => fieldReference());
}

/** All fields of the recipe as Markdown, by groups: what the table of fields says of each. */
function fieldReference(): string {
  return fieldGroups
    .map(({ title, fields: names }) => `### Fields: ${title}\n\n${names.map(fieldLine).join("\n")}`)
    .join("\n\n");
}

function fieldLine(name: FieldName): string {
  const field: Field = fields[name];
  const matters = whenItMatters(name);
  const sentences = [
    escaped(field.what),
    escaped(valuesOf(name)),
    `Default: \`${JSON.stringify(field.default)}\`.`,
    `Usual: ${field.usual.charAt(0).toLowerCase()}${escaped(field.usual.slice(1))}`,
    ...(matters === null ? [] : [escaped(matters)]),
    `Source: ${escaped(field.source)}${/[.?]$/.test(field.source) ? "" : "."}`,
  ];
  return `- **${field.label}** (\`${name}\`): ${sentences.join(" ")}`;
}

/** Text whose signs mean nothing in Markdown. */
const escaped = (text: string) => text.replace(/[\\`*_[\]<>]/g, "\\$&");
