import { Marked, type Tokens, type TokenizerAndRendererExtension } from "marked";
import { appWindow } from "../../src/app/windows.ts";
import { fields } from "../../src/recipe/fields.ts";

export interface Heading {
  depth: number;
  /** HTML without links. */
  text: string;
  anchor: string;
}

/** A document of Markdown as HTML. */
export interface RenderedDocument {
  /** The heading of the first rank, as plain text. */
  title: string;
  headings: Heading[];
  html: string;
  /** Paths of its pictures, as the document names them. */
  pictures: string[];
}

/**
 * Renders GitHub's Markdown for a page next to the pages of the other documents.
 *
 * @param documents names of these, without an ending
 * @throws {Error} at a link to a file that is no document: the page would not have it
 */
export function renderDocument(markdown: string, documents: readonly string[]): RenderedDocument {
  const headings: Heading[] = [];
  const pictures: string[] = [];
  let title = "";
  const marked = new Marked({ extensions: [fieldLinks] });
  marked.use({
    renderer: {
      heading({ depth, text, tokens }) {
        const html = this.parser.parseInline(tokens);
        const anchor = anchorOf(text);
        if (depth === 1) title = text;
        headings.push({ depth, text: html, anchor });
        return `<h${depth} id="${anchor}">${html}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        return `<a href="${pageAddress(href, documents)}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }) {
        pictures.push(href);
        return `<img src="${href}" alt="${escaped(text)}">`;
      },
      paragraph({ tokens }) {
        const panels = tokens.every(({ type, raw }) => type === "image" || raw.trim() === "");
        return `<p${panels ? ' class="panels"' : ""}>${this.parser.parseInline(tokens)}</p>\n`;
      },
      code({ text }) {
        return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
      },
      // A table that is wider than a telephone scrolls within its frame, which the keyboard must reach.
      table(table) {
        const label = `Table: ${table.header.flatMap(({ text }) => text || []).join(", ")}`;
        return `<div class="table" role="group" tabindex="0" aria-label="${escaped(label)}">${tableHtml(table, (cell) => this.parser.parseInline(cell.tokens))}</div>\n`;
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { title, headings, html, pictures };
}

/** "forgetting.md#x" → "forgetting.html#x"; anchors and addresses with a scheme stay. */
function pageAddress(href: string, documents: readonly string[]): string {
  if (/^(#|[a-z]+:)/.test(href)) return href;
  const [file = "", anchor] = href.split("#");
  const name = file.replace(/\.md$/, "");
  if (!documents.includes(name)) throw new Error(`A document links to ${href}, which the page does not have.`);
  return `${name}.html${anchor === undefined ? "" : `#${anchor}`}`;
}

function tableHtml({ header, rows }: Tokens.Table, inline: (cell: Tokens.TableCell) => string): string {
  const cells = (row: Tokens.TableCell[], tag: (cell: Tokens.TableCell) => string) =>
    `<tr>${row.map((cell) => `<${tag(cell)}>${inline(cell)}</${tag(cell).slice(0, 2)}>`).join("")}</tr>`;
  // The corner above a column of names heads nothing.
  const head = `<thead>${cells(header, ({ text }) => (text === "" ? "td" : 'th scope="col"'))}</thead>`;
  return `<table>${head}<tbody>${rows.map((row) => cells(row, () => "td")).join("")}</tbody></table>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const pattern = /^\*\*([^*`]+)\*\* \(`(\w+)`\)/;

/**
 * Where a document names a field of the recipe as **Label** (`key`), the label becomes a link that opens the field in
 * the app, in the tab that is open already. On a code host the same text is bold and code.
 *
 * @throws {Error} when there is no such field, or the page calls it otherwise
 */
const fieldLinks: TokenizerAndRendererExtension = {
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

/** The anchor that code hosts give to a heading of Markdown: its letters, digits and hyphens in lower case. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
