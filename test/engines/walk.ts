import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "./engine.ts";

/** A file that is dropped: its name and text. */
interface DroppedFile {
  name: string;
  text: string;
}

/** The page of Tabtune in an engine, as a person works with it. */
export class EnginePage {
  readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  async text(): Promise<string> {
    return String(await this.engine.evaluate("return document.body.innerText.replaceAll('\\u202f', ' ')"));
  }

  /**
   * Waits until the page shows what matches.
   *
   * @throws {Error} with all that the page shows, when it does not come in time or something else comes first
   */
  async shows(expected: RegExp, timeoutMs = 60_000, instead?: RegExp): Promise<RegExpExecArray> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const text = await this.text();
      const found = expected.exec(text);
      if (found) return found;
      if (Date.now() > end || instead?.test(text)) throw new Error(`${expected} is not on the page:\n${text}`);
      await pause(250);
    }
  }

  /**
   * Presses the button or tab whose name begins so, as soon as it can be pressed and has stood still: while rows arrive
   * above it, a press would land where it was.
   */
  async press(name: string, timeoutMs = 60_000): Promise<void> {
    const body = `
      const names = (element) => (element.ariaLabel ?? element.textContent).trim();
      const all = [...document.querySelectorAll("button, [role=tab]")];
      const found = all.find((element) => names(element).startsWith(${JSON.stringify(name)}));
      const before = found?.dataset.pressed;
      for (const element of all) delete element.dataset.pressed;
      if (!found || found.disabled || found.ariaDisabled === "true") return false;
      const { x, y, width, height } = found.getBoundingClientRect();
      found.dataset.pressed = [x + scrollX, y + scrollY, width, height].join();
      return found.dataset.pressed === before;`;
    const end = Date.now() + timeoutMs;
    while ((await this.engine.evaluate(body)) !== true) {
      if (Date.now() > end) throw new Error(`“${name}” cannot be pressed:\n${await this.text()}`);
      await pause(200);
    }
    await this.engine.click("[data-pressed]");
  }

  /** Drops files onto an element, by the events that a browser makes of a drop. */
  async drop(selector: string, files: DroppedFile[]): Promise<void> {
    await this.engine.evaluate(`
      const target = document.querySelector(${JSON.stringify(selector)});
      const dataTransfer = new DataTransfer();
      for (const { name, text } of ${JSON.stringify(files)}) dataTransfer.items.add(new File([text], name));
      for (const type of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, composed: true, dataTransfer }));
      }`);
  }
}
