import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { DataState } from "./state.ts";
import type { Actions, App, AppStore } from "./store.ts";

/** The store that the components below read; `main.tsx` provides it. */
export const StoreContext = createContext<AppStore | null>(null);

export function useAppStore(): AppStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error("StoreContext.Provider is missing.");
  return store;
}

/** A part of the state; the component renders again when the part changes (by Object.is). */
export function useApp<Part>(select: (app: App) => Part): Part {
  return useStore(useAppStore(), select);
}

/**
 * The data without the progress of counting tokens, which changes a hundred times for a long table: components that do
 * not show that progress are not rendered for it.
 */
export function useSettledData(): DataState {
  return useApp(useShallow(({ data }): DataState => ({ ...data, measuring: null })));
}

/** The actions, which never change. */
export function useActions(): Actions {
  return useApp(({ actions }) => actions);
}
