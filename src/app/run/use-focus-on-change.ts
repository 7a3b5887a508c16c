import { useEffect, useRef, type RefObject } from "react";

/** A dialog gives its focus back only once it has faded out. */
const afterDialog = 400;

/**
 * Leads the focus to an element that appears, or changes its buttons, under whoever pressed one of them: the pressed
 * button is gone by then, and the focus would fall back to the page. Where the page is one column, it scrolls there.
 */
export function useFocusOnChange<Kind extends HTMLElement>(active: boolean): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => {
    const lead = () => {
      if (isFocusLost()) element.current?.focus({ preventScroll: true });
    };
    lead();
    if (active && window.matchMedia("(max-width: 900px)").matches) element.current?.scrollIntoView({ block: "start" });
    const timer = setTimeout(lead, afterDialog);
    return () => clearTimeout(timer);
  }, [active]);
  return element;
}

/** Nothing has the focus, or the heading of a card, which it was led to while the card's file was read. */
function isFocusLost(): boolean {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body || activeElement.matches("[data-card] h2 button");
}
