/** Hands a file to the browser's downloads. */
export function saveFile(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  // The download has its own hold on the bytes once it has begun, which is not at once in every browser.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
