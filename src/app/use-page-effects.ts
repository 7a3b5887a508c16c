import { useEffect } from "react";
import { hasUnsavedModel } from "./run-weights.ts";
import { isActive } from "./state.ts";
import { tabTitle } from "./tab-title.ts";
import { useApp } from "./use-app.ts";

/** Keeps the title of the tab at the state of the run. */
export function useTabTitle(): void {
  const title = useApp(({ run }) => tabTitle(run));
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Makes the browser ask before a page is left whose run goes on or whose trained weights are not saved. */
export function useLeaveWarning(): void {
  const unsaved = useApp(({ run }) => isActive(run.status) || hasUnsavedModel(run));
  useEffect(() => {
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unsaved]);
}

/** Tells the end of a run by a notification, where that is permitted and the page is not in sight. */
export function useEndNotification(): void {
  const outcome = useApp(({ run }) => (run.status === "done" || run.status === "failed" ? tabTitle(run) : null));
  useEffect(() => {
    if (!outcome || !("Notification" in window) || Notification.permission !== "granted" || !document.hidden) return;
    const notification = new Notification("Tabtune", { body: outcome.replace(" · Tabtune", ""), icon: "favicon.svg" });
    notification.onclick = () => window.focus();
  }, [outcome]);
}
