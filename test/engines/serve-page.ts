import { createServer } from "node:net";
import { preview } from "vite";

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => found(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

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
