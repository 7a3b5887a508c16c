/** Numbers of a tensor that are read only when they are written out, so that no second copy of a model is held. */
export interface LazyNumbers {
  kind: "lazy";
  length: number;
  /** in order, together `length` numbers */
  pieces(): AsyncIterable<Float32Array> | Iterable<Float32Array>;
}
