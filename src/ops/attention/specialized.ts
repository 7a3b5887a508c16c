import { unrolled } from "../wgsl-text.ts";
import type { AttentionForm } from "./options.ts";
import biasWgsl from "./relative-bias.wgsl?raw";
import noneWgsl from "./relative-none.wgsl?raw";
import productsWgsl from "./relative-products.wgsl?raw";
import scoresBiasedWgsl from "./scores-biased-tiled.wgsl?raw";
import scoresWgsl from "./scores-tiled.wgsl?raw";
import walkedAllTiledWgsl from "./walked-all-tiled.wgsl?raw";
import walkedAllWgsl from "./walked-all.wgsl?raw";
import walkedWindowTiledWgsl from "./walked-window-tiled.wgsl?raw";
import walkedWindowWgsl from "./walked-window.wgsl?raw";

/** What makes a program for one form of attention. */
interface Specialized {
  /** Tells programs of different forms apart. */
  key: string;
  constants: Record<string, number | boolean>;
  /** The functions by which the kernels differ; `unroll` writes out loops over a head. */
  wgsl: (unroll: (text: string) => string) => string;
}

/** Program text for the kernels of one thread per token; `binding` is that of the relative table. */
export function specialized(form: AttentionForm | undefined, binding: number): Specialized {
  const { window = null, relative } = form ?? {};
  const walked = window === null ? walkedAllWgsl : walkedWindowWgsl;
  const terms = relative ? { bias: biasWgsl, products: productsWgsl }[relative.kind] : noneWgsl;
  const stored = relative?.kind === "products" ? "element" : "f32";
  const bound = relative ? bindingWgsl(binding, stored) : "";
  return { ...named(form), wgsl: (unroll) => bound + walked + unroll(terms) };
}

/** The same for the kernels of tiles, which have no products with positions. */
export function specializedTiles(form: AttentionForm | undefined, binding: number): Specialized {
  const { window = null, relative } = form ?? {};
  const walked = window === null ? walkedAllTiledWgsl : walkedWindowTiledWgsl;
  const terms = relative ? bindingWgsl(binding, "f32") + scoresBiasedWgsl : scoresWgsl;
  return { ...named(form), wgsl: () => walked + terms };
}

/** Writes out loops over the HEAD elements of a head. */
export const unrolledHead = (count: number) => (text: string) => unrolled(text, "d", "HEAD", count);

const bindingWgsl = (binding: number, stored: string) =>
  `@group(0) @binding(${binding}) var<storage, read> relative: array<${stored}>;\n`;

function named(form: AttentionForm | undefined): Pick<Specialized, "key" | "constants"> {
  const { window = null, relative } = form ?? {};
  const constants = {
    ...(window !== null && { WINDOW: window }),
    ...(relative && { SPAN: relative.span }),
    ...(relative?.kind === "products" && {
      PARTS: relative.parts,
      CONTENT_TO_POSITION: relative.contentToPosition,
      POSITION_TO_CONTENT: relative.positionToContent,
    }),
  };
  const words = Object.entries(constants).map(([name, value]) => ` ${name.toLowerCase()}-${String(value)}`);
  return { key: (relative ? ` ${relative.kind}` : "") + words.join(""), constants };
}
