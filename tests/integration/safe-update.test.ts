import { afterAll, beforeAll, expect, it } from "vitest";
import { unguardedFunctions } from "../helpers/unguarded.ts";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

it("no function updates or deletes without a condition: Supabase's Data API would refuse it", async () => {
  await world.query("create function private.careless() returns void language sql as 'delete from public.staff'");
  const found = await unguardedFunctions(world);
  await world.query("drop function private.careless");
  expect(found).toEqual(["private.careless(): delete from public.staff"]);
});
