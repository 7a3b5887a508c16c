import type { ReactNode } from "react";
import { handbookWindow } from "./windows.ts";

interface HandbookLinkProps {
  /** Anchor of a heading; without one the link leads to the beginning of the handbook. */
  anchor?: string;
  className?: string | undefined;
  label?: string;
  children: ReactNode;
}

/** Opens the handbook in its own tab, so that this page keeps its files and its run. */
export function HandbookLink({ anchor, className, label, children }: HandbookLinkProps) {
  // With an opener, the handbook's links to fields of the recipe find their way back to this tab.
  return (
    <a
      href={`./handbook.html${anchor === undefined ? "" : `#${anchor}`}`}
      target={handbookWindow}
      rel="opener"
      className={className}
      aria-label={label}
    >
      {children}
    </a>
  );
}
