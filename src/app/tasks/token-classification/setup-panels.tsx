import type { EntitySummary } from "../../../tasks/token-classification/entity-counts.ts";
import type { DataSummary } from "../../../workers/protocol.ts";
import { wholeText } from "../../figures.ts";
import type { SetupPanels } from "../panels.ts";
import styles from "../../setup/setup.module.css";

const typesOf = ({ targets }: DataSummary) => (targets as EntitySummary).types;

/** Entities of each type; "660 entities of 6 types". */
export const tokenClassificationSetup: SetupPanels = {
  Rows: ({ summary, title = "Entities", uses = { train: "training", held: "validation" } }) => (
    <div>
      <h3 className={styles.subtitle}>{title}</h3>
      <ul>
        {typesOf(summary).map(({ type, train, validation }) => (
          <li key={type}>
            {type}: {wholeText(train)} for {uses.train}, {wholeText(validation)} for {uses.held}
          </li>
        ))}
      </ul>
    </div>
  ),
  rowsText(summary) {
    const types = typesOf(summary);
    const entities = types.reduce((sum, { train, validation }) => sum + train + validation, 0);
    return `${wholeText(entities)} entities of ${wholeText(types.length)} types`;
  },
  supports: () => [],
};
