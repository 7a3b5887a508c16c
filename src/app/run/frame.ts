import { createStore, type StoreApi } from "zustand/vanilla";
import { useState } from "react";
import type { PretrainEvent } from "../../workers/protocol.ts";
import type { RunState } from "../state.ts";
import { momentOfStep, xEnd, xOf, xTicks, type Moment, type XKind } from "./moment.ts";

/** What all charts of a run have in common: the x axis and the marks on it. */
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

/** The frame of a run as far as it has come. When there are many epochs, only every second, third … border is drawn. */
export function frameOf({ plan, steps, evaluations, best }: RunState, kind: XKind): Frame {
  const end = xEnd(furthest([steps.at(-1), evaluations.at(-1)], kind), kind, plan?.steps ?? 1);
  return {
    kind,
    end,
    ticks: xTicks(end, kind),
    epochs: plan ? epochBorders(plan.steps, plan.stepsPerEpoch, steps, kind, end) : [],
    best: best ? xOfStep(steps, best.step, kind) : null,
  };
}

/** The frame of continued pretraining, which has its own steps and time. */
export function pretrainFrameOf(events: readonly PretrainEvent[], kind: XKind): Frame {
  const steps = events.filter(({ type }) => type === "pretrainStep");
  const last = events.at(-1);
  const planned = last?.steps ?? 1;
  const end = xEnd(furthest([last], kind), kind, planned);
  const first = steps[0];
  const stepsPerEpoch = first ? Math.round(first.step / first.epoch) : Infinity;
  const epochs = epochBorders(planned, stepsPerEpoch, steps, kind, end);
  return { kind, end, ticks: xTicks(end, kind), epochs, best: null };
}

function furthest(moments: readonly (Moment | undefined)[], kind: XKind): number {
  return Math.max(0, ...moments.map((moment) => (moment ? xOf(moment, kind) : 0)));
}

/** Null where the step has not been made, on an axis of time. */
function xOfStep(steps: readonly Moment[], step: number, kind: XKind): number | null {
  if (kind === "step") return step;
  const moment = momentOfStep(steps, step);
  return moment ? xOf(moment, kind) : null;
}

function epochBorders(planned: number, perEpoch: number, steps: readonly Moment[], kind: XKind, end: number): number[] {
  const every = Math.ceil(planned / perEpoch / mostEpochLines) * perEpoch;
  const borders: number[] = [];
  for (let step = every; every > 0 && step < planned; step += every) {
    const x = xOfStep(steps, step, kind);
    if (x !== null && x < end) borders.push(x);
  }
  return borders;
}

/** The frame of a run: the same object as long as nothing in it has moved, so that a chart without news is not drawn. */
export function useFrame(run: RunState, kind: XKind): Frame {
  return useSteady(frameOf(run, kind));
}

/** Keeps the previous frame as long as the fresh one looks the same. */
export function useSteady(fresh: Frame): Frame {
  const [kept, setKept] = useState(fresh);
  if (sameFrame(kept, fresh)) return kept;
  setKept(fresh);
  return fresh;
}

/** Whether two frames look alike; the ticks follow from kind and end. */
export function sameFrame(a: Frame, b: Frame): boolean {
  return (
    a.kind === b.kind &&
    a.end === b.end &&
    a.best === b.best &&
    a.epochs.length === b.epochs.length &&
    a.epochs.every((x, index) => x === b.epochs[index])
  );
}

/**
 * Position of the pointer or the arrow keys on the x axis, the same in all charts of a set; null while there is none.
 */
export type Crosshair = StoreApi<{ x: number | null }>;

/** Makes the crosshair of a set of charts. It is outside of React's state, so that moving it draws no chart again. */
export function createCrosshair(): Crosshair {
  return createStore<{ x: number | null }>(() => ({ x: null }));
}
