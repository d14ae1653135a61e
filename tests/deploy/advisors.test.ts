import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../dev/database.ts";
import { type Hosted, startHosted } from "../../dev/hosted.ts";
import { PUSH, readmeCommand, runCli } from "../helpers/supabase-cli.ts";

let hosted: Hosted;
beforeAll(async () => {
  hosted = await startHosted();
});
afterAll(() => hosted.stop());

it("Supabase's own advisors find nothing to warn of", async () => {
  const { url } = await hosted.createProject("advised", "none");
  expect(await runCli(await readmeCommand(PUSH, url))).toMatchObject({ code: 0 });
  const advisors = `supabase db advisors --level warn --fail-on warn --output json --db-url "${url}?sslmode=disable"`;
  expect(await runCli(advisors)).toEqual({ code: 0, out: expect.not.stringContaining("cache_key") });
  // That they look at all: a table that nothing protects.
  const owner = await openDatabase(url);
  await owner.exec("create table public.opened (id int primary key); grant select on public.opened to anon");
  await owner.close();
  expect(await runCli(advisors)).toEqual({
    code: 1,
    out: expect.stringContaining("rls_disabled_in_public_public_opened"),
  });
});
