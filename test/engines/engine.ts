/** A browser that the tests drive, with what they do in it. Elements are named by CSS selectors. */
export interface Engine {
  /** E.g. "Firefox 153.8", as the browser itself says. */
  name: string;
  /** Folder into which the browser saves downloads. */
  downloads: string;
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** The value of the body of an async function that runs in the page. */
  evaluate(body: string): Promise<unknown>;
  /** A press of the pointer, made by the browser itself. */
  click(selector: string): Promise<void>;
  /** Chooses files of this machine through an input. */
  choose(selector: string, paths: string[]): Promise<void>;
  close(): Promise<void>;
}
