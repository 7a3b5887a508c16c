import { createContext } from "react";
import type { RowText } from "../../workers/protocol.ts";

/** Opens a row's text to be explained and changed; null where no weights can. */
export const RowTrial = createContext<((row: RowText) => void) | null>(null);
