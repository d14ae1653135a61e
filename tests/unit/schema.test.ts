import { describe, expect, it } from "vitest";
import { readSchemas, schemaScript, splitStatements } from "../../dev/schema.ts";

describe("splitStatements", () => {
  it("ends a statement at its semicolon, and keeps the comment before it", () => {
    expect(splitStatements("select 1;\n-- why; it is so\nselect 2;\n")).toEqual([
      "select 1;",
      "-- why; it is so\nselect 2;",
    ]);
  });

  it.each([
    ["a text", "select 'it''s; so';"],
    ["a name", 'select 1 as "a;b";'],
    ["a body", "create function f() returns int language sql as $$ select 1; select 2; $$;"],
    ["a body with another in it", "do $a$ begin execute $q$ select 1; $q$; end $a$;"],
    ["a comment within a statement", "select 1, -- that; and\n  2;"],
  ])("takes a semicolon in %s for what it is", (_, sql) => {
    expect(splitStatements(`${sql}\nselect 3;`)).toEqual([sql, "select 3;"]);
  });

  it("refuses a statement that does not end", () => {
    expect(() => splitStatements("select 1;\nselect 2 from t")).toThrow(
      "does not end with a semicolon: select 2 from t",
    );
    expect(splitStatements("select 1;\n-- the end\n")).toEqual(["select 1;"]);
  });

  it("leaves nothing out of supabase/schemas", async () => {
    for (const { path, sql } of await readSchemas()) {
      const plain = (text: string) => text.replace(/\s+/g, "");
      expect(plain(sql), path).toBe(plain(splitStatements(sql).join("")));
    }
  });
});

describe("schemaScript", () => {
  const script = (...files: [path: string, sql: string][]) =>
    splitStatements(schemaScript(files.map(([path, sql]) => ({ path, sql }))));

  it("makes what others need before them, whatever the files are called", () => {
    const table = [
      "create table public.a (id int primary key);",
      "comment on table public.a is 'A';",
      "alter table public.a add constraint a_b_fkey foreign key (id) references public.b (id);",
      "create unique index a_key on public.a (id);",
      "create constraint trigger a_changed after insert on public.a for each row execute function private.f();",
      "alter table public.a enable row level security;",
      "revoke all on table public.a from public;",
      "grant select on table public.a to service_role;",
      "insert into public.a values (1);",
    ];
    const f = "create or replace function private.f() returns trigger language plpgsql as $$ begin return new; end $$;";
    expect(
      script(
        ["alert/f.sql", `${f}\nrevoke execute on function private.f from public;`],
        ["tables/a.sql", table.toReversed().join("\n")],
        ["tables/b.sql", "-- Of b.\ncreate table public.b (id int primary key);"],
        ["types/c.sql", "create type private.c as (n int);"],
        ["types/private.sql", "create schema private;"],
        ["types/s.sql", "create sequence private.s;"],
      ),
    ).toEqual([
      "set check_function_bodies = off;",
      "create schema private;",
      "create type private.c as (n int);",
      "create sequence private.s;",
      table[0],
      "-- Of b.\ncreate table public.b (id int primary key);",
      table[2],
      table[3],
      f,
      table[4],
      table[1],
      "revoke execute on function private.f from public;",
      table[7],
      table[6],
      table[5],
      table[8],
      "reset check_function_bodies;",
    ]);
  });
});
