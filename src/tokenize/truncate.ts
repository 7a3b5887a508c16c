/**
 * How many tokens of each text of a pair stay: "longest first" of the Rust library's `truncate_encodings`,
 * which shortens the longer text down to the shorter one and then both alike.
 *
 * @param first tokens of the first text, special tokens not counted
 * @param second tokens of the second text
 * @param room most tokens of both together
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  const longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer <= room) return first <= second ? [shorter, longer] : [longer, shorter];
  const half = Math.floor(room / 2);
  return first <= second ? [half, room - half] : [room - half, half];
}
