import { useCallback, useEffect, useRef, type RefCallback } from "react";
import { filesOfInput } from "./read-drop.ts";

/** Inputs whose dialog is open: one that has left the page must not be collected before its files come. */
const withDialog = new Set<HTMLInputElement>();

/** The ref of a file input, and what opens its dialog. */
type FileInput = [ref: RefCallback<HTMLInputElement>, choose: () => void];

/**
 * Takes the files of an input, also where it has left the page since its dialog was opened: the cards take the place of
 * the first zones, and fold. React hears the events of the page alone, so the input is listened to itself. `onFiles`
 * may be called after its component is gone, with at least one file.
 */
export function useFileInput(onFiles: (files: File[]) => void): FileInput {
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  }, [onFiles]);
  const input = useRef<HTMLInputElement>(null);
  const ref = useCallback((drawn: HTMLInputElement | null) => {
    input.current = drawn;
    if (!drawn) return;
    // Properties, not listeners: a ref may be called twice with the same input.
    drawn.onchange = () => {
      withDialog.delete(drawn);
      const files = filesOfInput(drawn);
      // Else the same file cannot be chosen again.
      drawn.value = "";
      if (files.length > 0) latest.current(files);
    };
    drawn.oncancel = () => withDialog.delete(drawn);
  }, []);
  const choose = useCallback(() => {
    if (!input.current) return;
    withDialog.add(input.current);
    input.current.click();
  }, []);
  return [ref, choose];
}
