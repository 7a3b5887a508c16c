import { useEffect, useRef } from "react";
import type { Place } from "../state.ts";
import { useApp } from "../use-app.ts";

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

/** Moves the focus to a place once its card has opened: to the field, or to the card's heading where there is none. */
export function useFollowedPlace(goTo: Place | null): void {
  useEffect(() => {
    if (!goTo) return;
    // The recipe card first changes its view, in its own effect.
    const timer = setTimeout(() => {
      if (goTo.field === undefined || !focusField(goTo.field)) focusCard(goTo.card);
    });
    return () => clearTimeout(timer);
  }, [goTo]);
}

/** Focuses the heading of a card, which says what the card holds. */
function focusCard(card: Place["card"]): void {
  const heading = document.querySelector<HTMLElement>(`[data-card="${card}"] h2 button`);
  heading?.focus({ preventScroll: true });
  heading?.scrollIntoView({ block: "nearest" });
}

/**
 * Moves the focus to the heading of the card whose file is being read or has been opened, if it was in the controls
 * that the file was chosen with, or nowhere. A person who works elsewhere meanwhile stays there.
 */
export function useFocusAfterOpening(): void {
  const data = useApp(({ data: { table, busy } }) => table?.name ?? (busy ? "…" : ""));
  const model = useApp(({ model: { summary, busy } }) => summary ?? busy !== null);
  useOnChange(data, "data");
  useOnChange(model, "model");
}

function useOnChange(value: unknown, card: "data" | "model"): void {
  const seen = useRef<unknown>(card === "data" ? "" : false);
  useEffect(() => {
    if (Object.is(seen.current, value)) return;
    seen.current = value;
    if (!value) return;
    const { activeElement, body } = document;
    const zone = document.querySelector(`[data-field="${card}-file"]`);
    if (activeElement === null || activeElement === body || zone?.contains(activeElement)) focusCard(card);
  }, [value, card]);
}
