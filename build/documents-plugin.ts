import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { documentPage, type DocumentName } from "./documents/page.ts";
import { withFieldReference } from "./documents/field-reference.ts";
import { renderDocument } from "./documents/render.ts";

/** The documents that a person who trains may want beside the page. */
export const documents: readonly DocumentName[] = [
  { name: "handbook", words: "Handbook" },
  { name: "recipes", words: "Ways to train" },
  { name: "forgetting", words: "Against forgetting" },
];

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/**
 * The documents as pages of the app's own origin, with all that they show: path in the build → text. Pictures keep the
 * place beside the document that they have under docs/.
 */
export function documentFiles(): Record<string, string> {
  const files: Record<string, string> = {
    "documents/page.css": read("./documents/page.css"),
    "documents/scheme.js": read("./documents/scheme.js"),
  };
  const names = documents.map(({ name }) => name);
  for (const name of names) {
    const rendered = renderDocument(withFieldReference(read(`../docs/${name}.md`)), names);
    files[`${name}.html`] = documentPage(rendered, name, documents);
    for (const picture of rendered.pictures) files[picture] = read(`../docs/${picture}`);
  }
  return files;
}

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
};

/** Builds the documents beside the page; the dev server renders them again on each request. */
export function documentPages(): Plugin {
  return {
    name: "tabtune-documents",
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const path = new URL(request.url ?? "/", "http://localhost").pathname.slice(1);
        const file = /^documents\/|\.(html|svg)$/.test(path) ? documentFiles()[path] : undefined;
        if (file === undefined) return next();
        response.setHeader("Content-Type", types[path.replace(/^.*\./, "")] ?? "text/plain");
        response.end(file);
      });
    },
    generateBundle() {
      for (const [fileName, source] of Object.entries(documentFiles())) {
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}
