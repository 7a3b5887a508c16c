import { useEffect } from "react";
import type { Place } from "../state.ts";
import { focusField } from "./field-link.ts";

/** Leads the focus to a place once its card has opened: to the field, or to the card's heading where there is none. */
export function useFollowedPlace(goTo: Place | null): void {
  useEffect(() => {
    if (!goTo) return;
    // The recipe changes its view first, in an effect of its own.
    const timer = setTimeout(() => {
      if (goTo.field === undefined || !focusField(goTo.field)) focusCard(goTo.card);
    });
    return () => clearTimeout(timer);
  }, [goTo]);
}

/** Focuses the heading of a card, which says what the card holds. */
export function focusCard(card: Place["card"]): void {
  const heading = document.querySelector<HTMLElement>(`[data-card="${card}"] h2 button`);
  heading?.focus({ preventScroll: true });
  heading?.scrollIntoView({ block: "nearest" });
}
