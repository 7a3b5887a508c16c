/** Something that a key does. */
export interface Shortcut {
  /** As shown, e.g. ["Ctrl", "Z"]. */
  keys: string[];
  does: string;
}

export const shortcuts: Shortcut[] = [
  { keys: ["?"], does: "Show or hide this list" },
  { keys: ["S"], does: "Start, or pause and resume" },
  { keys: ["X"], does: "Stop the run" },
  { keys: ["T"], does: "Switch between light and dark" },
  { keys: ["/"], does: "Search in the errors, once there are results" },
  { keys: ["Ctrl", "Z"], does: "Undo a change of data or recipe" },
  { keys: ["Ctrl", "Shift", "Z"], does: "Redo it" },
];

export type ShortcutAction = "help" | "start" | "stop" | "theme" | "undo" | "redo";

type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** What a pressed key asks for; `typing` is true where keys write text, which they then go on doing. */
export function actionOfKey({ key, ctrlKey, metaKey, shiftKey, altKey }: Key, typing: boolean): ShortcutAction | null {
  if (altKey || typing) return null;
  const lower = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (lower === "z") return shiftKey ? "redo" : "undo";
    return lower === "y" && !shiftKey ? "redo" : null;
  }
  if (key === "?") return "help";
  if (shiftKey) return null;
  return lower === "s" ? "start" : lower === "x" ? "stop" : lower === "t" ? "theme" : null;
}
