import { blockers } from "./blockers.ts";
import { closedReason } from "./run/tab-reasons.ts";
import { hasTrained } from "./run-weights.ts";
import { isActive } from "./state.ts";
import type { App } from "./store.ts";

/** A key as it is pressed; on a Mac the command key is `ctrl` too. */
interface KeyPress {
  key: string;
  ctrl?: boolean;
  /** Where it is not given, any: "?" needs shift on some keyboards and not on others. */
  shift?: boolean;
}

/** What the whole page can do for an action beside its store. */
export interface PageView {
  dark: boolean;
  toggleTheme: () => void;
  toggleHelp: () => void;
  /** Leads to the search field of the errors, where it is shown. */
  focusSearch: () => void;
}

/** Something that a person can do from anywhere on the page: its button, its key and its line in the list of keys. */
export interface PageAction {
  /** On the button, or the button's name where it shows an icon. */
  label: (app: App, view: PageView) => string;
  /** In the list of keys. */
  does: string;
  /** The first one is shown. */
  keys: readonly KeyPress[];
  isEnabled: (app: App) => boolean;
  perform: (app: App, view: PageView) => void;
  /** Whether the key also works while a question waits for its answer. */
  duringQuestion?: boolean;
}

/** In the order of the list of keys. Of two with one key no two are enabled at the same time. */
export const pageActions = {
  help: {
    label: () => "Keys",
    does: "Show or hide this list",
    keys: [{ key: "?" }],
    isEnabled: () => true,
    perform: (_, { toggleHelp }) => toggleHelp(),
  },
  start: {
    label: ({ run }) => (run.status === "idle" ? "Start training" : "Start again"),
    does: "Start",
    keys: [{ key: "s", shift: false }],
    isEnabled: (app) => !isActive(app.run.status) && blockers(app).length === 0,
    perform: ({ actions }) => void actions.start(),
  },
  pause: {
    label: () => "Pause",
    does: "Pause",
    keys: [{ key: "s", shift: false }],
    isEnabled: ({ run }) => run.status === "training",
    perform: ({ actions }) => void actions.pause(),
  },
  resume: {
    label: () => "Resume",
    does: "Resume",
    keys: [{ key: "s", shift: false }],
    isEnabled: ({ run }) => run.status === "pausing" || run.status === "paused",
    perform: ({ actions }) => void actions.resume(),
  },
  stop: {
    label: () => "Stop",
    does: "Stop the run",
    keys: [{ key: "x", shift: false }],
    isEnabled: ({ run }) => isActive(run.status) && run.status !== "stopping",
    perform: ({ actions }) => void actions.stop(),
  },
  theme: {
    label: (_, { dark }) => (dark ? "Switch to light" : "Switch to dark"),
    does: "Switch between light and dark",
    keys: [{ key: "t", shift: false }],
    isEnabled: () => true,
    perform: (_, { toggleTheme }) => toggleTheme(),
    duringQuestion: true,
  },
  search: {
    label: () => "Search in the errors",
    does: "Search in the errors, once there are results",
    keys: [{ key: "/" }],
    isEnabled: ({ run, model }) => {
      const facts = { status: run.status, trained: hasTrained(run), model: model.summary };
      return closedReason("errors", facts) === null;
    },
    perform: (_, { focusSearch }) => focusSearch(),
  },
  undo: {
    label: () => "Undo",
    does: "Undo a change of data or recipe",
    keys: [{ key: "z", ctrl: true, shift: false }],
    isEnabled: ({ past, run }) => past.length > 0 && !isActive(run.status),
    perform: ({ actions }) => void actions.undo(),
  },
  redo: {
    label: () => "Redo",
    does: "Redo it",
    keys: [
      { key: "z", ctrl: true, shift: true },
      { key: "y", ctrl: true, shift: false },
    ],
    isEnabled: ({ future, run }) => future.length > 0 && !isActive(run.status),
    perform: ({ actions }) => void actions.redo(),
  },
} satisfies Record<string, PageAction>;

export type PageActionName = keyof typeof pageActions;

const all: readonly PageAction[] = Object.values(pageActions);

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/**
 * The actions that a pressed key stands for, enabled or not.
 *
 * @param typing whether keys write text where the focus is, which they then go on doing
 */
export function actionsOfKey(pressed: Pressed, typing: boolean): PageAction[] {
  if (pressed.altKey || typing) return [];
  return all.filter(({ keys }) =>
    keys.some(
      ({ key, ctrl = false, shift }) =>
        key === pressed.key.toLowerCase() &&
        ctrl === (pressed.ctrlKey || pressed.metaKey) &&
        (shift === undefined || shift === pressed.shiftKey),
    ),
  );
}

/** A line of the list of keys. */
interface KeyLine {
  /** As shown, e.g. ["Ctrl", "Z"]. */
  keys: string[];
  /** What they do; actions of one key in turn. */
  does: string;
}

/** All keys with what they do, each key once. */
export function keyLines(): KeyLine[] {
  const lines = new Map<string, KeyLine>();
  for (const { keys, does } of all) {
    const [first] = keys;
    if (!first) continue;
    const shown = [...(first.ctrl ? ["Ctrl"] : []), ...(first.shift ? ["Shift"] : []), first.key.toUpperCase()];
    const line = lines.get(shown.join("+"));
    if (line) line.does += ` · ${does}`;
    else lines.set(shown.join("+"), { keys: shown, does });
  }
  return [...lines.values()];
}
