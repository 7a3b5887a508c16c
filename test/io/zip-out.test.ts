import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { zipStream } from "../../src/io/zip-out.ts";
import { contents } from "./zip-contents.ts";

async function collected(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function* inTwoChunks(bytes: Uint8Array<ArrayBuffer>) {
  yield bytes.slice(0, 3);
  await Promise.resolve();
  yield bytes.slice(3);
}

describe("zipStream", () => {
  it("makes zips from which any files come back, streamed or whole", async () => {
    const file = fc.record({ name: fc.stringMatching(/^[a-zé]{1,8}(\/[a-z]{1,4})?$/), bytes: fc.uint8Array() });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { selector: (one) => one.name }), fc.boolean(), async (files, streamed) => {
        const items = files.map(({ name, bytes }) => {
          const copy = new Uint8Array(bytes);
          return { name, input: streamed ? inTwoChunks(copy) : copy };
        });
        const zip = bytesSource("x.zip", await collected(zipStream(items)));
        expect(await contents(zip)).toEqual(
          files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString("latin1")]),
        );
      }),
    );
  });

  it("asks for each file only when the one before has been written", async () => {
    const order: string[] = [];
    async function* items() {
      for (const name of ["a", "b"]) {
        order.push(`ask ${name}`);
        yield { name, input: inTwoChunks(new Uint8Array(5)) };
        await Promise.resolve();
      }
      order.push("end");
    }
    const names = (await contents(bytesSource("x.zip", await collected(zipStream(items()))))).map(([name]) => name);
    expect(names).toEqual(["a", "b"]);
    expect(order).toEqual(["ask a", "ask b", "end"]);
  });
});
