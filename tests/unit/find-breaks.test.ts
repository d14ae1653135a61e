import { describe, expect, it } from "vitest";
import { compareSurfaces, findBreaks, type Surface } from "../../dev/migration/find-breaks.ts";

type Parameters = Surface["functions"][number]["parameters"];

const surface = (
  functions: Parameters[] = [],
  columns: Record<string, boolean> = { "public.alerts.kind": true },
): Surface => ({
  tables: new Set(Object.keys(columns).map((name) => name.replace(/\.\w+$/, ""))),
  columns: new Map(
    Object.entries(columns).map(([name, required]) => [name, { table: name.replace(/\.\w+$/, ""), required }]),
  ),
  functions: functions.map((parameters) => ({ name: "public.f", role: "anon", returns: "jsonb", parameters })),
});

const a = { a: { type: "integer", required: true } };
const b = { b: { type: "text", required: false } };

describe("the app that is deployed goes on working", () => {
  it.each([
    ["nothing changes", surface([a]), surface([a])],
    ["a function gets a parameter with a default", surface([a]), surface([{ ...a, ...b }])],
    ["a parameter gets a default", surface([a]), surface([{ a: { type: "integer", required: false } }])],
    ["there is a new function", surface(), surface([a])],
    ["there is a new table", surface(), surface([], { "public.alerts.kind": true, "public.new.id": true })],
    [
      "a column comes that need not be given",
      surface(),
      surface([], { "public.alerts.kind": true, "public.alerts.n": false }),
    ],
    ["a column need not be given any more", surface(), surface([], { "public.alerts.kind": false })],
  ])("if %s", (_, before, after) => {
    expect(compareSurfaces(before, after)).toEqual([]);
  });
});

describe("the app that is deployed would fail", () => {
  it.each([
    ["a function is gone", surface([a]), surface()],
    ["a parameter is gone", surface([{ ...a, ...b }]), surface([a])],
    ["a parameter has another type", surface([a]), surface([{ a: { type: "text", required: true } }])],
    ["a new parameter has no default", surface([a]), surface([{ ...a, b: { type: "text", required: true } }])],
    ["a parameter has lost its default", surface([b]), surface([{ b: { type: "text", required: true } }])],
    ["two functions answer the same call", surface([a]), surface([a, { ...a, ...b }])],
  ])("if %s", (_, before, after) => {
    expect(compareSurfaces(before, after)).toEqual([
      { name: "public.f", what: "anon can no longer call it as before" },
    ]);
  });

  it("if a function returns something else, or one of its roles may not call it", () => {
    const after = surface([a]);
    const other = { ...after, functions: after.functions.map((one) => ({ ...one, returns: "void" })) };
    expect(compareSurfaces(surface([a]), other)).toHaveLength(1);
    const [f] = surface([a]).functions;
    const both = { ...after, functions: [...after.functions, ...(f ? [{ ...f, role: "service_role" }] : [])] };
    expect(compareSurfaces(both, after)).toEqual([
      { name: "public.f", what: "service_role can no longer call it as before" },
    ]);
  });

  it.each([
    ["a table is gone", {}, "public.alerts"],
    ["a column is gone", { "public.alerts.other": false }, "public.alerts.kind"],
    ["a column comes that must be given", { "public.alerts.kind": true, "public.alerts.n": true }, "public.alerts.n"],
  ])("if %s", (_, columns, name) => {
    expect(compareSurfaces(surface(), surface([], columns)).map((one) => one.name)).toEqual([name]);
  });
});

describe("a migration may not land", () => {
  const migration = (sql: string) => ({ file: "20261201000000_x.sql", version: "20261201000000", name: "x", sql });
  const gone = (sql: string) => findBreaks(migration(sql), surface([a]), surface());
  const rest = (sql: string) => findBreaks(migration(sql), surface(), surface());

  it("if it takes something away, unless it says that this is on purpose", () => {
    expect(gone("drop function public.f;")).toEqual([
      "20261201000000_x.sql: public.f: anon can no longer call it as before. If it must be, the file says: -- on purpose: public.f",
    ]);
    expect(gone("-- on purpose: public.g\ndrop function public.f;")).toHaveLength(1);
    expect(gone("-- on purpose: public.f, which nothing calls since 12 December.\ndrop function public.f;")).toEqual(
      [],
    );
  });

  it("if a person is still to finish it", () => {
    expect(rest("select 1;\n-- FINISH: and the rest")).toEqual([expect.stringContaining("is not finished")]);
  });

  it("if it would wait for the locks of a policy for ever", () => {
    expect(rest("drop trigger t on public.alerts;")).toEqual([expect.stringContaining("set lock_timeout")]);
    expect(rest("set lock_timeout = '5s';\ncreate policy p on storage.objects;")).toEqual([]);
    expect(rest("-- A drop trigger would lock.\nselect 1;")).toEqual([]);
  });
});
