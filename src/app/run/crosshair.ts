import { createStore, type StoreApi } from "zustand/vanilla";

/** Where the pointer or the arrow keys are on the x axis, the same for all charts; null is nowhere. */
export type Crosshair = StoreApi<{ x: number | null }>;

/** A crosshair for one set of charts. It is apart from React's state so that moving it draws no chart again. */
export function createCrosshair(): Crosshair {
  return createStore<{ x: number | null }>(() => ({ x: null }));
}
