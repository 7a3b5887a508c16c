import { Marked, type Tokens } from "marked";
import { anchorOf } from "./anchors.ts";
import { fieldLinks } from "./field-links.ts";

export interface Heading {
  depth: number;
  /** As HTML, without links. */
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
 * Renders GitHub's Markdown for a page beside which the other documents stand as pages too.
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
