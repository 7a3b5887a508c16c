/** What tells an iPhone or iPad: `navigator` of the page. That of a worker has no `maxTouchPoints`. */
interface Browser {
  userAgent: string;
  maxTouchPoints: number;
}

/** iOS and iPadOS end a page near this many bytes; nothing asks or says so before. */
const PAGE_BYTES = 1.5e9;
/** What of it is not the device's: page and workers, the table, the best weights so far. */
const BESIDE_DEVICE_BYTES = 0.3e9;

/**
 * Bytes that a run may take on the device before the system ends the page: on iPhone and iPad, whatever the browser, and
 * Infinity elsewhere. Safari on an iPad says that it is a Mac, but no Mac has a touch screen.
 */
export function mostDeviceBytes({ userAgent, maxTouchPoints }: Browser): number {
  const isMobile = /\b(iPhone|iPad|iPod)\b/.test(userAgent);
  const looksLikeMac = /\bMacintosh\b/.test(userAgent);
  return isMobile || (looksLikeMac && maxTouchPoints > 1) ? PAGE_BYTES - BESIDE_DEVICE_BYTES : Infinity;
}
