import * as tf from "@tensorflow/tfjs";

/**
 * Rows of a table [entries, width] by their indices. The gradient of tfjs's own `gather` needs UnsortedSegmentSum, a
 * kernel that tfjs-wasm lacks: there it is given the one other stock op that adds up rows with equal indices.
 */
export function lookUp(table: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  if (tf.getBackend() !== "wasm") return tf.gather(table, indices);
  const [entries = 0, width = 0] = table.shape;
  const gather = tf.customGrad((x) => {
    if (!(x instanceof tf.Tensor)) throw new Error("The table is not a tensor.");
    return {
      value: tf.gather(x, indices),
      gradFunc: (dy: tf.Tensor | tf.Tensor[]) => {
        if (!(dy instanceof tf.Tensor)) throw new Error("There is more than one gradient.");
        return tf.scatterND(tf.reshape(indices, [indices.size, 1]), tf.reshape(dy, [indices.size, width]), [
          entries,
          width,
        ]);
      },
    };
  });
  return gather(table);
}
