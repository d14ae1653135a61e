import { describe, expect, it } from "vitest";
import { compareCatalogs, describeDifferences, differenceLines } from "../../dev/compare-catalogs.ts";

const wanted = new Map([
  ["column public.alerts.detail", "text"],
  ["column public.objections.id", "bigint not null"],
  ["comment on table public.objections", "Who objects."],
  ["function public.f(p_n integer)", "CREATE FUNCTION f\nAS $$\nbegin\n  return 1;\nend $$"],
  ["grant on function public.g(p_a text) to anon", "execute"],
  ["function public.g(p_a text)", "CREATE FUNCTION g"],
  ["schema private", ""],
  ["table public.objections", "permanent"],
]);
const found = new Map([
  ["column public.alerts.detail", "text not null"],
  ["column public.alerts.old", "text"],
  ["function public.f(p_n integer)", "CREATE FUNCTION f\nAS $$\nbegin\n  return 2;\nend $$"],
  ["schema private", ""],
]);

describe("two catalogs", () => {
  it("differ in what one of them lacks and in what they say otherwise", () => {
    expect(compareCatalogs(wanted, wanted)).toEqual([]);
    expect(compareCatalogs(wanted, found).map(({ name }) => name)).toEqual([
      "column public.alerts.detail",
      "column public.alerts.old",
      "column public.objections.id",
      "comment on table public.objections",
      "function public.f(p_n integer)",
      "function public.g(p_a text)",
      "grant on function public.g(p_a text) to anon",
      "table public.objections",
    ]);
  });

  it("are told apart in whole lines, for a list", () => {
    const only = (name: string) => compareCatalogs(wanted, found).filter((one) => one.name === name);
    expect(differenceLines(only("column public.alerts.detail"))).toEqual([
      "- column public.alerts.detail: text",
      "+ column public.alerts.detail: text not null",
    ]);
    expect(differenceLines(only("function public.f(p_n integer)"))[0]).toBe(
      "- function public.f(p_n integer): CREATE FUNCTION f AS $$ begin return 1; end $$",
    );
  });

  it("are told apart in few lines, for a person", () => {
    expect(describeDifferences(compareCatalogs(wanted, found))).toEqual([
      "- column public.alerts.detail: text",
      "+ column public.alerts.detail: text not null",
      "+ column public.alerts.old",
      expect.stringMatching(/^- function public\.f\(p_n integer\): .*return 1;/),
      expect.stringMatching(/^\+ function public\.f\(p_n integer\): .*return 2;/),
      "- function public.g(p_a text)",
      "- table public.objections",
    ]);
    expect(describeDifferences(compareCatalogs(wanted, found), 2).slice(2)).toEqual(["… and 5 more"]);
  });

  it("show a long text from where it differs", () => {
    const long = `${"a".repeat(500)}b${"c".repeat(500)}`;
    const [line = ""] = describeDifferences([{ name: "x", wanted: long, found: long.replace("b", "d") }]);
    expect(line).toContain("ab");
    expect(line.length).toBeLessThan(140);
  });
});
