import { expect, it } from "vitest";
import { unguarded } from "../helpers/unguarded.ts";

it.each([
  "update public.t set a = 1",
  "UPDATE t SET a = (select b from c where d);",
  "begin update t set a = 1; update t set a = 2 where b; end",
  "with x as (update only t set a = 1 returning b) select * from x where b",
  "delete from public.t; select 1 where true",
  "delete from t using u",
  "update t as x set a = 'where' -- where",
  "execute $q$ delete from t $q$",
])("finds what has no condition: %s", (sql) => {
  expect(unguarded(sql)).toHaveLength(1);
});

it.each([
  "update public.t set a = (select 1), b = coalesce(c, 'it''s;') where d",
  "with x as (delete from t where a returning b) select * from x",
  "delete from t using u where t.id = u.id",
  "insert into t values (1) on conflict (id) do update set a = excluded.a",
  "select a from t for update of t",
  "create trigger x before update on t; -- update t set a = 1",
])("leaves alone: %s", (sql) => {
  expect(unguarded(sql)).toEqual([]);
});
