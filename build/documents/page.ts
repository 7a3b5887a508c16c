import { appWindow } from "../../src/app/windows.ts";
import { ownOriginPolicy } from "../own-origin-plugin.ts";
import type { Heading, RenderedDocument } from "./render.ts";

/** A document that the page has: its name under docs/ without the ending, and what the links between them say. */
export interface DocumentName {
  name: string;
  words: string;
}

/** A whole page around a rendered document: names of the documents above, a table of contents at the side. */
export function documentPage(
  { title, headings, html }: RenderedDocument,
  own: string,
  documents: readonly DocumentName[],
): string {
  const others = documents.map(
    ({ name, words }) => `<a href="${name}.html"${name === own ? ' aria-current="page"' : ""}>${words}</a>`,
  );
  const contents = headings.some(({ anchor }) => anchor === "contents")
    ? '<a class="narrow" href="#contents">Contents</a>'
    : "";
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${ownOriginPolicy}">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <title>${title} · Tabtune</title>
    <link rel="icon" type="image/svg+xml" href="favicon.svg">
    <link rel="stylesheet" href="documents/page.css">
    <script src="documents/scheme.js"></script>
  </head>
  <body>
    <a class="skip" href="#text">Skip to the text</a>
    <header>
      <a class="brand" href="./#" target="${appWindow}"><img src="favicon.svg" width="22" height="22" alt="">Tabtune</a>
      <nav aria-label="Documents">${others.join("\n")}${contents}</nav>
    </header>
    <div class="columns">
      ${side(headings)}
      <main id="text" tabindex="-1">
${html}
      </main>
    </div>
  </body>
</html>
`;
}

/** Fewer headings than these are seen at a glance. */
const LEAST = 4;

function side(headings: readonly Heading[]): string {
  const shown = headings.filter(({ depth, anchor }) => (depth === 2 || depth === 3) && anchor !== "contents");
  if (shown.length < LEAST) return "";
  const items = shown.map(
    ({ depth, text, anchor }) => `<li class="rank${depth}"><a href="#${anchor}">${text}</a></li>`,
  );
  return `<nav class="side" aria-label="On this page"><ul>${items.join("\n")}</ul></nav>`;
}
