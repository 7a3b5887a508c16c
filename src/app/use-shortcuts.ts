import { useEffect } from "react";
import { actionOfKey } from "./shortcuts.ts";
import { useAppStore } from "./use-app.ts";

/** Listens for the keys of `shortcuts.ts` everywhere on the page. */
export function useShortcuts(toggleHelp: () => void, toggleTheme: () => void): void {
  const store = useAppStore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = event.defaultPrevented || event.repeat ? null : actionOfKey(event, isTyping(event.target));
      if (!action) return;
      event.preventDefault();
      const { actions, run, question } = store.getState();
      if (question && action !== "theme") return;
      if (action === "help") toggleHelp();
      else if (action === "theme") toggleTheme();
      else if (action === "stop") void actions.stop();
      else if (action === "undo") void actions.undo();
      else if (action === "redo") void actions.redo();
      else if (run.status === "training") void actions.pause();
      else if (run.status === "pausing" || run.status === "paused") void actions.resume();
      else void actions.start();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store, toggleHelp, toggleTheme]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const text = target instanceof HTMLInputElement && !["checkbox", "radio", "range", "button"].includes(target.type);
  return (
    text || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}
