const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Characters that HTML does not allow, however they are written, and those that turn the direction of what follows. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]|\p{Cs}|\p{Noncharacter_Code_Point}|[\u202a-\u202e\u2066-\u2069]/gu;

/** A text as it may stand in an element or in a quoted attribute: markup in it stays text. */
export function escaped(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");
}

/** A table of texts, which are escaped; the first cell of each row is its head. */
export function table(caption: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((name) => `<th scope="col">${escaped(name)}</th>`).join("");
  const body = rows.map(([first = "", ...others]) => {
    const cells = others.map((text) => `<td>${escaped(text)}</td>`).join("");
    return `<tr><th scope="row">${escaped(first)}</th>${cells}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** A heading with what stands under it, which is HTML already. */
export function section(title: string, ...content: readonly string[]): string {
  return `<section><h2>${escaped(title)}</h2>${content.join("")}</section>`;
}

export const paragraph = (text: string) => `<p>${escaped(text)}</p>`;
