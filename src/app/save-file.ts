/** Saves a file through the browser's downloads. */
export function saveFile(name: string, content: Blob | string, type = "text/plain;charset=utf-8"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The address must stay valid while the browser reads the file, which it begins later and may do slowly.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A title as the beginning of a file name: "Rate and gradient" → "rate-and-gradient". */
export function fileName(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
