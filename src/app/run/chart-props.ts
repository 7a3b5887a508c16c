import type { RunState } from "../state.ts";
import type { Crosshair } from "./crosshair.ts";
import type { XKind } from "./moment.ts";

/** What each of a run's charts is given. */
export interface ChartProps {
  run: RunState;
  kind: XKind;
  crosshair: Crosshair;
  /** Place in the order in which the charts draw; see `useTurn`. */
  turn: number;
}
