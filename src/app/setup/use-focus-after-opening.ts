import { useEffect, useRef } from "react";
import { useApp } from "../use-app.ts";
import { focusCard } from "./use-followed-place.ts";

/**
 * Leads the focus to the heading of the card whose file is being read or has been opened, where it was in what the file
 * was chosen with, or nowhere: somebody who works elsewhere meanwhile stays there.
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
