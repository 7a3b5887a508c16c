import { preview } from "vite";
import { freePort } from "../../scripts/machine/free-port.mjs";

/** The built page, served as `npm start` does. */
export interface ServedPage {
  url: string;
  /** Ends the server and every connection to it. */
  stop(): Promise<void>;
}

export async function servePage(): Promise<ServedPage> {
  const server = await preview({ logLevel: "warn", preview: { port: await freePort(), strictPort: true } });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("The server has no address.");
  return { url, stop: () => server.close() };
}
