import type { Plugin } from "vite";

/**
 * What the page and its workers may load and where they may send: their own origin, nothing else. `blob:` is how the
 * threads of tfjs-backend-wasm start and how downloads leave a worker; Mantine sets styles inline.
 */
export const ownOriginPolicy = [
  "default-src 'self'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' blob: data:",
  "img-src 'self' blob: data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * Makes "nothing leaves your computer" something the browser enforces. The policy stands in the built page itself, so
 * that it holds on any host; `vite preview` sends it as a header too, which is what reaches the workers.
 * The dev server is left out: its module reloading injects inline scripts.
 */
export function ownOrigin(): Plugin {
  return {
    name: "tabtune-own-origin",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: ownOriginPolicy },
        injectTo: "head-prepend",
      },
    ],
  };
}
