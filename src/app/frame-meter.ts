import { median } from "../metrics/spread.ts";
import type { MeasuredMachine } from "../workers/protocol.ts";

/** For each part the frames that the page showed in it. */
type Frames = NonNullable<MeasuredMachine["measurement"]["frames"]>;

/** Where frames and the time come from; the window, but for tests. */
interface Screen {
  requestAnimationFrame: (callback: (time: number) => void) => unknown;
  document: { hidden: boolean };
}

/** Counts the page's frames while something else is at work, part by part. */
interface FrameMeter {
  /** The frames from now on are counted under this name. */
  part: (name: string) => void;
  /** Ends the counting. Parts without two frames while the page was visible are left out. */
  stop: () => Frames;
}

/** Starts to count. Times while the page is hidden are left out, since browsers show no frames then. */
export function startFrameMeter(screen: Screen = window): FrameMeter {
  const gaps = new Map<string, number[]>();
  let name: string | null = null;
  let last: number | null = null;
  let stopped = false;
  const frame = (time: number) => {
    if (stopped) return;
    if (screen.document.hidden) last = null;
    else {
      if (last !== null && name !== null) gaps.set(name, [...(gaps.get(name) ?? []), time - last]);
      last = time;
    }
    screen.requestAnimationFrame(frame);
  };
  screen.requestAnimationFrame(frame);
  return {
    part: (next) => (name = next),
    stop() {
      stopped = true;
      const all = [...gaps.values()].flat();
      // The screen's own rhythm: most frames are on time.
      const usual = all.length > 0 ? median(all) : 0;
      return Object.fromEntries([...gaps].map(([part, own]) => [part, countsOf(own, usual)]));
    },
  };
}

function countsOf(gaps: readonly number[], usual: number): Frames[string] {
  const dropped = usual > 0 ? gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / usual) - 1), 0) : 0;
  return { frames: gaps.length, medianMs: median(gaps), longestMs: Math.max(...gaps), dropped };
}
