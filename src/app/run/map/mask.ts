/** 1 for each of the `places` that is among `rows`. */
export function maskOf(places: Int32Array, rows: Int32Array): Uint8Array {
  const among = new Set(rows);
  return Uint8Array.from(places, (place) => Number(among.has(place)));
}
