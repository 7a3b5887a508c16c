import { createContext, useContext, useEffect } from "react";
import { blockers } from "./blockers.ts";
import { hasModel } from "./run-outcome.ts";
import { closedReason } from "./run/tab-reasons.ts";
import { isActive } from "./state.ts";
import type { App } from "./store.ts";
import { useApp, useAppStore } from "./use-app.ts";

/** A key as it is pressed; on a Mac the command key is `ctrl` too. */
interface KeyPress {
  key: string;
  ctrl?: boolean;
  /** Either where not given: "?" needs shift on some keyboards and not on others. */
  shift?: boolean;
}

/** What actions can do to the page besides changing its store. */
interface PageView {
  dark: boolean;
  toggleTheme: () => void;
  toggleHelp: () => void;
  /** Shows or hides the list of runs. */
  toggleRuns: () => void;
  /** Focuses the search field of the errors, where it is shown. */
  focusSearch: () => void;
}

/** Something that a person can do anywhere on the page: its button, its keys and its line in the list of keys. */
export interface PageAction {
  /** Text of the button, or its accessible name where it shows an icon. */
  label: (app: App, view: PageView) => string;
  /** What it does, in the list of keys. */
  does: string;
  /** The first key is shown in the list. */
  keys: readonly KeyPress[];
  isEnabled: (app: App) => boolean;
  perform: (app: App, view: PageView) => void;
  /** Whether the key also works while a question waits for its answer. */
  duringQuestion?: boolean;
}

/** All actions, in the order of the list of keys. Two actions with the same key are never enabled together. */
export const pageActions = {
  help: {
    label: () => "Keys",
    does: "Show or hide this list",
    keys: [{ key: "?" }],
    isEnabled: () => true,
    perform: (_, { toggleHelp }) => toggleHelp(),
  },
  start: {
    label: ({ run, folds }) =>
      run.status !== "idle" ? "Start again" : folds.isOn ? "Start cross-validation" : "Start training",
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
  runs: {
    label: () => "Runs",
    does: "Show or hide the runs that have ended",
    keys: [{ key: "h", shift: false }],
    isEnabled: () => true,
    perform: (_, { toggleRuns }) => toggleRuns(),
  },
  search: {
    label: () => "Search in the errors",
    does: "Search in the errors, once there are results",
    keys: [{ key: "/" }],
    isEnabled: ({ run, model, data }) => {
      const facts = { status: run.status, trained: hasModel(run), model: model.summary, hasTable: data.table !== null };
      return closedReason("errors", facts) === null;
    },
    perform: (_, { focusSearch }) => focusSearch(),
  },
  clearSelection: {
    label: () => "Clear",
    does: "Clear the selection of rows in Results and Errors",
    keys: [{ key: "escape", shift: false }],
    isEnabled: ({ selection }) => selection !== null,
    perform: ({ actions }) => actions.clearSelection(),
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
 * The actions of a pressed key, enabled or not.
 *
 * @param typing whether the focus is in a text field, which keeps its keys
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
  /** The keys as shown, e.g. ["Ctrl", "Z"]. */
  keys: string[];
  /** What they do; several actions of one key are joined. */
  does: string;
}

/** The list of keys and what they do, each key once. */
export function keyLines(): KeyLine[] {
  const lines = new Map<string, KeyLine>();
  for (const { keys, does } of all) {
    const [first] = keys;
    if (!first) continue;
    const shown = [...(first.ctrl ? ["Ctrl"] : []), ...(first.shift ? ["Shift"] : []), shownKey(first.key)];
    const line = lines.get(shown.join("+"));
    if (line) line.does += ` · ${does}`;
    else lines.set(shown.join("+"), { keys: shown, does });
  }
  return [...lines.values()];
}

/** A letter as on its key, and the name of a key that is none. */
const shownKey = (key: string) => (key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1));

/** The view that actions work on; `App` provides it. */
export const PageViewContext = createContext<PageView | null>(null);

function usePageView(): PageView {
  const view = useContext(PageViewContext);
  if (!view) throw new Error("PageViewContext.Provider is missing.");
  return view;
}

/** An action's label, state and handler for its button. */
export function usePageAction(name: PageActionName): { label: string; enabled: boolean; perform: () => void } {
  const { label, isEnabled, perform } = pageActions[name];
  const store = useAppStore();
  const view = usePageView();
  const enabled = useApp(isEnabled);
  const shown = useApp((app) => label(app, view));
  return { label: shown, enabled, perform: () => perform(store.getState(), view) };
}

/** Listens for the keys of all actions everywhere on the page. */
export function usePageKeys(view: PageView): void {
  const store = useAppStore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || (event.key === "Escape" && isSomethingOpen())) return;
      const app = store.getState();
      const action = actionsOfKey(event, isTyping(event.target)).find(({ isEnabled }) => isEnabled(app));
      if (!action || (app.question && !action.duringQuestion)) return;
      event.preventDefault();
      action.perform(app, view);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store, view]);
}

/** Whether a dialog or a list is open, which Escape closes. */
function isSomethingOpen(): boolean {
  const all = document.querySelectorAll("[role=dialog], [role=listbox]");
  // Closed lists stay on the page without being laid out.
  return [...all].some((element) => element.getClientRects().length > 0);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const text = target instanceof HTMLInputElement && !["checkbox", "radio", "range", "button"].includes(target.type);
  return (
    text || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

/** Id of the search field of the errors; the key "/" focuses it. */
export const SEARCH_FIELD = "errors-search";
