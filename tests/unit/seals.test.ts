import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBrokenSeals, seal } from "../../dev/migration/seals.ts";

const migration = (version: string, sql: string) => ({ file: `${version}_x.sql`, version, name: "x", sql });
const [first, second] = [migration("20261201000000", "select 1;\n"), migration("20261202000000", "select 2;\n")];

let folder: string;
let supabase: URL;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "seals-"));
  supabase = pathToFileURL(`${folder}/`);
  await writeFile(new URL("migrations.sha256", supabase), "");
});
afterEach(() => rm(folder, { recursive: true }));

describe("the list of digests", () => {
  it("can be read by sha256sum, and is the same for every line end", async () => {
    await seal([first, second], supabase);
    expect(await readFile(new URL("migrations.sha256", supabase), "utf8")).toBe(
      `4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c  ${first.file}
ac4396cdee0295db27f816dc31134189999d0071663e618f4957bc23edb584d7  ${second.file}
`,
    );
    const windows = [first, second].map((one) => ({ ...one, sql: one.sql.replaceAll("\n", "\r\n") }));
    expect(await findBrokenSeals(windows, supabase)).toEqual([]);
  });

  it("tells of a migration that was edited, removed or not sealed", async () => {
    await seal([first, second], supabase);
    const third = migration("20261203000000", "select 3;");
    expect(await findBrokenSeals([{ ...first, sql: "select 0;" }, third], supabase)).toEqual([
      expect.stringContaining(`${first.file} was edited`),
      expect.stringContaining(`${second.file} was removed`),
      expect.stringContaining(`${third.file} is not sealed`),
    ]);
  });

  it("takes the newest migration as it is now, and no other", async () => {
    await seal([first, second], supabase);
    const edited = { ...second, sql: "select 22;" };
    await seal([first, edited], supabase);
    expect(await findBrokenSeals([first, edited], supabase)).toEqual([]);
    await seal([first], supabase);
    expect(await findBrokenSeals([first], supabase)).toEqual([]);
    await seal([first, second], supabase);
    await expect(seal([{ ...first, sql: "select 0;" }, second], supabase)).rejects.toThrow("not the newest migration");
    await expect(seal([second], supabase)).rejects.toThrow("not the newest migration");
    expect(await findBrokenSeals([first, second], supabase)).toEqual([]);
  });
});
