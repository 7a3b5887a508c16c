import type { RunState } from "../state.ts";
import { momentOfStep, xEnd, xOf, xTicks, type XKind } from "./moment.ts";

/** What all charts of a run have in common: the x axis and what stands on it. */
export interface Frame {
  kind: XKind;
  /** The axis goes from 0 to here. */
  end: number;
  ticks: number[];
  /** Where an epoch ends and the next begins. */
  epochs: number[];
  /** Where the best weights were found, or null. */
  best: number | null;
}

const mostEpochLines = 20;

/** The frame of a run as far as it has come. Of many epochs only every second, third … border is drawn. */
export function frameOf({ plan, steps, evaluations, best }: RunState, kind: XKind): Frame {
  const planned = plan?.steps ?? 1;
  const last = [steps.at(-1), evaluations.at(-1)].flatMap((event) => (event ? [xOf(event, kind)] : []));
  const end = xEnd(Math.max(0, ...last), kind, planned);
  const xOfStep = (step: number): number | null => {
    if (kind === "step") return step;
    const moment = momentOfStep(steps, step);
    return moment ? xOf(moment, kind) : null;
  };
  const every = Math.ceil((plan?.epochs ?? 0) / mostEpochLines);
  const epochs: number[] = [];
  for (let epoch = every; plan && every > 0 && epoch * plan.stepsPerEpoch < planned; epoch += every) {
    const x = xOfStep(epoch * plan.stepsPerEpoch);
    if (x !== null && x < end) epochs.push(x);
  }
  return { kind, end, ticks: xTicks(end, kind), epochs, best: best ? xOfStep(best.step) : null };
}
