import type { Browser, CDPSession } from "@playwright/test";
import type { PageFile } from "./page-files.ts";

/**
 * A tab as a person's browser has it. Playwright makes each of its own pages believe that it is seen and has the focus,
 * so that none can be hidden or frozen; this one is in a browser context that Playwright does not know.
 */
export class PlainTab {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private last = 0;

  private constructor(
    private readonly browser: CDPSession,
    private readonly targetId: string,
    private readonly sessionId: string,
  ) {
    browser.on("Target.receivedMessageFromTarget", ({ message }) => {
      const answer = JSON.parse(message) as Answer;
      if (answer.id !== undefined) this.waiting.get(answer.id)?.(answer);
    });
  }

  static async open(browser: Browser, url: string): Promise<PlainTab> {
    const session = await browser.newBrowserCDPSession();
    const { browserContextId } = await session.send("Target.createBrowserContext");
    const { targetId } = await session.send("Target.createTarget", { url, browserContextId });
    const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
    return new PlainTab(session, targetId, sessionId);
  }

  async close(): Promise<void> {
    await this.browser.send("Target.closeTarget", { targetId: this.targetId });
  }

  /** Freezes the tab with its workers, as Chrome does with hidden tabs, or lets it go on. */
  async setState(state: "frozen" | "active"): Promise<void> {
    await this.send("Page.setWebLifecycleState", { state });
  }

  /** The value of an expression in the page; undefined where it throws. */
  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    return result?.result?.value;
  }

  /** Chooses files through the input of that label. */
  async choose(label: string, files: PageFile[]): Promise<void> {
    const sent = files.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") }));
    await this.evaluate(`{
      const chosen = new DataTransfer();
      for (const { name, base64 } of ${JSON.stringify(sent)}) {
        chosen.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name));
      }
      const input = document.querySelector('input[aria-label="${label}"]');
      input.files = chosen.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }`);
  }

  private send(method: string, params: object): Promise<Answer> {
    const id = ++this.last;
    const answer = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    return this.browser.send("Target.sendMessageToTarget", { sessionId: this.sessionId, message }).then(() => answer);
  }
}

interface Answer {
  id?: number;
  result?: { result?: { value?: unknown } };
}
