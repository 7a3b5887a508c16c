import { useActions, useApp } from "../use-app.ts";
import { frozenParts, partsOf, toggled } from "../../recipe/frozen-prefixes.ts";
import styles from "./setup.module.css";

/** The model from the classifier down to the embeddings; a press on a part freezes it or lets it train again. */
export function LayerPicture({ layers, locked }: { layers: number; locked: boolean }) {
  const frozen = useApp(({ recipe }) => recipe.frozen);
  const { setRecipe } = useActions();
  const still = frozenParts(frozen, layers);
  return (
    <div className={styles.layers} role="group" aria-label="Layers that train">
      <span className={styles.head}>Classifier</span>
      {partsOf(layers)
        .toReversed()
        .map((part) => (
          <button
            key={part}
            type="button"
            className={styles.layer}
            aria-pressed={still.has(part)}
            disabled={locked}
            onClick={() => void setRecipe({ frozen: toggled(frozen, part, layers) })}
          >
            <span>{partName(part)}</span>
            <span>{still.has(part) ? "frozen" : "trains"}</span>
          </button>
        ))}
    </div>
  );
}

function partName(part: string): string {
  const layer = /layer\.(\d+)\./.exec(part)?.[1];
  return layer === undefined ? "Embeddings" : `Layer ${layer}`;
}
