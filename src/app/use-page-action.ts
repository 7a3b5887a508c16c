import { createContext, useContext, useEffect } from "react";
import { actionsOfKey, pageActions, type PageActionName, type PageView } from "./page-actions.ts";
import { useApp, useAppStore } from "./use-app.ts";

/** What `App` provides for the actions. */
export const PageViewContext = createContext<PageView | null>(null);

function usePageView(): PageView {
  const view = useContext(PageViewContext);
  if (!view) throw new Error("PageViewContext.Provider is missing.");
  return view;
}

/** An action for its button. */
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
      if (event.defaultPrevented || event.repeat) return;
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

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const text = target instanceof HTMLInputElement && !["checkbox", "radio", "range", "button"].includes(target.type);
  return (
    text || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}
