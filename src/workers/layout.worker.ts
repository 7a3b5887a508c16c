import { umapLayout } from "../insight/map/umap-layout.ts";
import type { LayoutCalls } from "./protocol.ts";
import { serve } from "./request.ts";

serve<LayoutCalls>(self, {
  umap: ({ components, width, seed }, onProgress) => umapLayout(components, width, { seed, onProgress }),
});
