import { isField, type FieldName } from "../../recipe/fields.ts";
import { nameOfToday } from "../../recipe/migrate.ts";

/** A field of the recipe that a link asked for. Each click makes a new one, so that a second click counts. */
export interface FieldLink {
  field: FieldName;
}

/** "#recipe.learningRate" → the field; null of any other hash. */
export function fieldLinkOf(hash: string): FieldLink | null {
  const key = nameOfToday(/^#recipe\.(\w+)$/.exec(hash)?.[1] ?? "");
  return isField(key) ? { field: key } : null;
}

const controls = ["input", "select", "textarea", "button"].map((tag) => `${tag}:not(:disabled)`).join(", ");

/**
 * Unfolds the group of a field and focuses its control, or its frame while a run locks the control. Returns whether
 * the field is there.
 */
export function focusField(field: string): boolean {
  const frame = document.querySelector<HTMLElement>(`[data-field="${field}"]`);
  if (!frame) return false;
  const group = frame.closest("details");
  if (group) group.open = true;
  if (frame instanceof HTMLDetailsElement) frame.open = true;
  const wrong = frame.querySelector<HTMLElement>('[aria-invalid="true"]:not(:disabled)');
  (wrong ?? frame.querySelector<HTMLElement>(controls) ?? frame).focus({ preventScroll: true });
  frame.scrollIntoView({ block: "center" });
  return true;
}
