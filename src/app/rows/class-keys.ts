const KEYS = "123456789abcdefghijklmnopqrstuvwxyz";

/** The key that gives a row the class or label at a place; "" beyond the keys that there are. */
export function keyOfClass(place: number): string {
  return KEYS[place] ?? "";
}

/** The place of the class that a key gives a row; null where it gives none. */
export function classOfKey(key: string, classes: number): number | null {
  const place = key.length === 1 ? KEYS.indexOf(key.toLowerCase()) : -1;
  return place >= 0 && place < classes ? place : null;
}
