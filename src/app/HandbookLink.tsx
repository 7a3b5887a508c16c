import type { ReactNode } from "react";
import { handbookWindow } from "./windows.ts";

interface HandbookLinkProps {
  /** Of a heading; the handbook's beginning without. */
  anchor?: string;
  className?: string | undefined;
  label?: string;
  children: ReactNode;
}

/** Opens the handbook in a tab of its own, so that what is open and what trains here stays. */
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
