import * as v from "valibot";
import type { LayerAttention } from "../../model/config.ts";
import { Problem } from "../../problem/problem.ts";
import { count, layerCount } from "../config-fields.ts";
import type { ConfigFile } from "../family.ts";

const kinds = ["full_attention", "sliding_attention"] as const;
const base = v.pipe(v.number(), v.gtValue(1));
const rope = v.object({ rope_theta: base, rope_type: v.optional(v.literal("default"), "default") });

/**
 * The fields of attention: those that the files on the Hub have, and those that transformers writes since 5, which say
 * the same.
 */
export const attentionFields = {
  num_hidden_layers: layerCount,
  local_attention: v.optional(count, 128),
  global_attn_every_n_layers: v.nullish(count),
  global_rope_theta: v.nullish(base),
  local_rope_theta: v.nullish(base),
  layer_types: v.nullish(v.array(v.picklist(kinds))),
  rope_parameters: v.nullish(v.object({ full_attention: rope, sliding_attention: rope })),
};

type Fields = v.InferOutput<v.ObjectSchema<typeof attentionFields, undefined>>;

function typesOf({ layer_types: types, global_attn_every_n_layers: every, num_hidden_layers: layers }: Fields) {
  if (types && types.length !== layers) {
    throw new Problem({
      found: `config.json has layer_types for ${types.length} layers, and num_hidden_layers = ${layers}.`,
      expected: "One type for each layer was expected.",
      remedy: "Take the config.json that belongs to this checkpoint, unchanged.",
    });
  }
  return types ?? Array.from({ length: layers }, (_, layer) => kinds[layer % (every ?? 3) === 0 ? 0 : 1]);
}

function basesOf({ rope_parameters: parameters, global_rope_theta: all, local_rope_theta: near }: Fields) {
  const full = parameters?.full_attention.rope_theta ?? all ?? 160_000;
  // Where a file of the Hub says null, the windows have the base of the others.
  const sliding = parameters?.sliding_attention.rope_theta ?? (near === null ? full : (near ?? 10_000));
  return { full, sliding };
}

/** What each layer's attention looks at: windows reach half of `local_attention` to each side. */
export function layerAttention(fields: Fields): LayerAttention[] {
  const { full, sliding } = basesOf(fields);
  const window = Math.floor(fields.local_attention / 2);
  return typesOf(fields).map((type) =>
    type === "full_attention" ? { window: null, rotaryBase: full } : { window, rotaryBase: sliding },
  );
}

/** Both spellings of layers and bases: transformers 4 reads the older one, 5 the newer. */
export function exportedFields(fields: Fields): ConfigFile {
  const { full, sliding } = basesOf(fields);
  const types = typesOf(fields);
  const every = types.indexOf("full_attention", 1);
  return {
    global_attn_every_n_layers: fields.global_attn_every_n_layers ?? (every > 0 ? every : types.length),
    global_rope_theta: full,
    local_rope_theta: sliding,
    layer_types: types,
    rope_parameters: {
      full_attention: { rope_theta: full, rope_type: "default" },
      sliding_attention: { rope_theta: sliding, rope_type: "default" },
    },
  };
}

/** Throws a Problem for heads that have no two halves. */
export function checkEvenHeads(headSize: number): void {
  if (headSize % 2 === 0) return;
  throw new Problem({
    found: `The hidden size over num_attention_heads gives a head size of ${headSize}.`,
    expected: "Rotary positions turn one half of a head against the other: an even number was expected.",
    remedy: "Choose another checkpoint.",
  });
}
