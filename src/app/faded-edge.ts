import { useCallback } from "react";

/**
 * A ref for an element that scrolls sideways: while there is more to its right, the edge is faded (`data-more` in
 * `page.css`), since some systems show no scroll bar.
 */
export function useFadedEdge() {
  return useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const mark = () => {
      const more = element.scrollWidth - element.clientWidth - element.scrollLeft > 1;
      element.toggleAttribute("data-more", more);
    };
    mark();
    const observer = new ResizeObserver(mark);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener("scroll", mark, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", mark);
    };
  }, []);
}
