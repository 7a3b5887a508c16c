import type { EntitySummary } from "../../../tasks/token-classification/entity-counts.ts";
import { wholeText } from "../../figures.ts";
import type { SetupPanels } from "../panels.ts";
import { EntityBars } from "./EntityBars.tsx";
import { readableTags } from "./readable-tags.ts";

/** Entities of each type; "660 entities of 6 types". */
export const tokenClassificationSetup: SetupPanels = {
  Rows: EntityBars,
  rowsText({ targets }) {
    const { types } = targets as EntitySummary;
    const entities = types.reduce((sum, { train, validation }) => sum + train + validation, 0);
    return `${wholeText(entities)} entities of ${wholeText(types.length)} types`;
  },
  heldOf: "each type of entity, as far as whole texts allow",
  readable: readableTags,
  supports: () => [],
};
