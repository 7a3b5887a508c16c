import { useEffect, useState } from "react";
import { fieldLinkOf, type FieldLink } from "./setup/field-link.ts";

/** The field that the page's address asked for last, when it was opened or since; null before the first. */
export function useFieldLink(): FieldLink | null {
  const [link, setLink] = useState(() => fieldLinkOf(typeof location === "undefined" ? "" : location.hash));
  useEffect(() => {
    const take = () => {
      const next = fieldLinkOf(location.hash);
      if (next) setLink(next);
      forget();
    };
    forget();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  return link;
}

/** Takes the field out of the address: the same link works again, and a reload does not jump to it. */
function forget(): void {
  if (fieldLinkOf(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
}
