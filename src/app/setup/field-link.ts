import { useEffect, useState } from "react";
import { isField, type FieldName } from "../../recipe/fields.ts";
import { nameOfToday } from "../../recipe/migrate.ts";

/** A field of the recipe that a link leads to. Each click makes a new object, so that a second click counts. */
export interface FieldLink {
  field: FieldName;
}

/** "#recipe.learningRate" → the field; null of any other hash. */
export function fieldLinkOf(hash: string): FieldLink | null {
  const key = nameOfToday(/^#recipe\.(\w+)$/.exec(hash)?.[1] ?? "");
  return isField(key) ? { field: key } : null;
}

/** The field that the page's address named last, when the page was opened or since; null before the first. */
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

/** Removes the field from the address, so that the same link works again and a reload does not jump to it. */
function forget(): void {
  if (fieldLinkOf(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
}
