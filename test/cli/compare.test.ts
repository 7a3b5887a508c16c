import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { compare } from "../../src/cli/compare.ts";
import { mcnemar } from "../../src/metrics/mcnemar.ts";
import { Problem } from "../../src/problem/problem.ts";

const folder = mkdtempSync(join(tmpdir(), "tabtune-compare-"));

function file(name: string, header: string, rows: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, [header, ...rows].join("\n"));
  return path;
}

/** What the command prints: the object, and the sentences. */
async function compared(...paths: string[]): Promise<{ found: unknown; said: string }> {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text, ...more) => {
    written.push(String(text));
    for (const one of more) if (typeof one === "function") one();
    return true;
  });
  await compare(paths);
  return { found: JSON.parse(written.join("")), said: said.mock.calls.flat().join("\n") };
}

afterEach(() => vi.restoreAllMocks());

/** Rows of which these are predicted right. */
const classes = (right: readonly boolean[], first = 2) =>
  right.map((isRight, row) => `${row + first},text ${row},ham,${isRight ? "ham" : "spam"},0.5,0.5`);
const header = "line,text,label,predicted,probability_ham,probability_spam";

describe("tabtune compare", () => {
  it("prints McNemar's exact test of two files of classes, in words too", async () => {
    const rows = Array.from({ length: 40 }, (_, row) => row);
    const a = file("a.csv", header, classes(rows.map((row) => row < 20)));
    const b = file("b.csv", header, classes(rows.map((row) => row >= 2 && row < 35)));
    const { found, said } = await compared(a, b);
    expect(found).toEqual({ rows: 40, both: 18, neither: 5, ...mcnemar(2, 15) });
    expect(said).toContain("2 rows are right with");
    expect(said).toMatch(/more than chance: .*b[.]csv is better.*p = 0[.]0023/);
  });

  it("says where a difference may be chance", async () => {
    const a = file("c.csv", header, classes([true, true, false, true]));
    const b = file("d.csv", header, classes([true, false, true, true, true]));
    const { found, said } = await compared(a, b);
    expect(found).toMatchObject({ rows: 4, onlyFirst: 1, onlySecond: 1, p: 1 });
    expect(said).toContain("1 row is in one of the files alone");
    expect(said).toContain("neither is better on these rows");
  });

  it("compares labels in any order, and entities", async () => {
    const labels = "line,text,labels,predicted,probability_a,probability_b";
    const a = file("e.csv", labels, ['2,x,"[""a"",""b""]","[""b"",""a""]",1,1', '3,y,"[""a""]",[],0,0']);
    const b = file("f.csv", labels, ['2,x,"[""a"",""b""]","[""a""]",1,0', '3,y,"[""a""]",[],0,0']);
    expect((await compared(a, b)).found).toMatchObject({ both: 0, onlyFirst: 1, onlySecond: 0, neither: 1 });
    const entities = "line,text,entities,predicted,right";
    const c = file("g.csv", entities, ["2,x,[],[],1", "3,y,[],[],1"]);
    const d = file("h.csv", entities, ["2,x,[],[],1", '3,y,[],"[[0,1,""A""]]",0']);
    expect((await compared(c, d)).found).toMatchObject({ both: 1, onlyFirst: 1, onlySecond: 0 });
  });

  it("refuses numbers, other rows and other files, in words", async () => {
    const numbers = file("i.csv", "line,text,label,predicted,residual", ["2,x,1,2,1"]);
    const a = file("j.csv", header, classes([true, false]));
    const later = file("k.csv", header, classes([true, false], 90));
    const other = file("l.csv", "text,label", ["x,ham", "y,spam"]);
    const refusal = async (...paths: string[]) => {
      const error: unknown = await compare(paths).catch((thrown: unknown) => thrown);
      return error instanceof Problem ? error.found : error;
    };
    expect(await refusal(numbers, a)).toContain("are not right or wrong");
    expect(await refusal(a, later)).toContain("have no row in common");
    expect(await refusal(a, other)).toContain("has no columns of true and predicted labels");
    expect(await refusal(a)).toContain("1 file was given");
  });
});
