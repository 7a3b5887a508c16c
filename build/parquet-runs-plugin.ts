import type { Plugin } from "vite";

const RUN = "const count = header >>> 1";

/**
 * Ends a run of equal values in hyparquet's decoder where its page ends.
 *
 * @throws {Error} when there is no such place: the package has changed and its runs need to be looked at again
 */
export function boundRuns(code: string): string {
  if (!code.includes(RUN)) throw new Error(`hyparquet's encoding.js has no “${RUN}” to patch.`);
  return code.replace(RUN, "const count = Math.min(header >>> 1, output.length - seen)");
}

/**
 * Keeps a damaged Parquet file from filling the memory. hyparquet writes as many values as a run states, up to 2^31,
 * whatever the page has room for; where an array then grows too large, the whole process ends.
 */
export function parquetRuns(): Plugin {
  return {
    name: "tabtune-parquet-runs",
    enforce: "pre",
    transform(code, id) {
      return /hyparquet\/src\/encoding\.js/.test(id.replaceAll("\\", "/"))
        ? { code: boundRuns(code), map: null }
        : null;
    },
  };
}
