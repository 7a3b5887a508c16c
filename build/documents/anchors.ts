/** The anchor that code hosts give to a heading of Markdown: its letters, digits and hyphens in lower case. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
