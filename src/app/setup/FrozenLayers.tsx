import { NativeSelect, TextInput } from "@mantine/core";
import { fields, type FieldOfKind } from "../../recipe/fields.ts";
import { layersBelow, prefixesBelow, prefixesOf, frozenParts, toggled } from "../../recipe/frozen-prefixes.ts";
import { useActions, useApp } from "../use-app.ts";
import { useFieldReason } from "../use-reasons.ts";
import { FieldHelp } from "./FieldHelp.tsx";
import styles from "./setup.module.css";

const other = "other";

/** Up to which layer the model is frozen, or any prefixes as text. */
export function FrozenLayers({ field, locked }: { field: FieldOfKind<"layers">; locked: boolean }) {
  const frozen = useApp(({ recipe }) => recipe[field]);
  const layers = useApp(({ model }) => model.summary?.layers ?? 12);
  const { setRecipe } = useActions();
  const reason = useFieldReason(field);
  const below = layersBelow(frozen);
  const options = Array.from({ length: layers + 2 }, (_, i) => ({
    value: String(i - 1),
    label: optionLabel(i - 1, layers),
  }));
  if (below === null || below > layers) options.push({ value: other, label: "Other prefixes" });
  const text = frozen.join(", ");
  return (
    <div>
      <NativeSelect
        size="xs"
        label={fields[field].label}
        disabled={locked}
        value={below === null || below > layers ? other : String(below)}
        data={options}
        onChange={({ currentTarget: { value } }) => {
          if (value !== other) void setRecipe({ [field]: prefixesBelow(Number(value)) });
        }}
      />
      <LayerPicture layers={layers} locked={locked} />
      <TextInput
        key={text}
        mt={6}
        size="xs"
        aria-label="Frozen prefixes"
        placeholder="embeddings., encoder.layer.0."
        description={<FieldHelp field={field} />}
        error={reason}
        inputWrapperOrder={["input", "error", "description"]}
        disabled={locked}
        defaultValue={text}
        onBlur={(event) => {
          const prefixes = prefixesOf(event.currentTarget.value);
          if (prefixes.join(", ") !== text) void setRecipe({ [field]: prefixes });
        }}
      />
    </div>
  );
}

function optionLabel(below: number, layers: number): string {
  if (below < 0) return "None";
  if (below === 0) return "Embeddings";
  if (below === layers) return "Embeddings and all layers";
  return below === 1 ? "Embeddings and the lowest layer" : `Embeddings and the lowest ${below} layers`;
}

/** The model from the classifier down to the embeddings; a click on a part freezes it or lets it train again. */
function LayerPicture({ layers, locked }: { layers: number; locked: boolean }) {
  const frozen = useApp(({ recipe }) => recipe.frozen);
  const { setRecipe } = useActions();
  const still = frozenParts(frozen, layers);
  return (
    <div className={styles.layers} role="group" aria-label="Layers that train">
      <span className={styles.head}>Classifier</span>
      {prefixesBelow(layers)
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
