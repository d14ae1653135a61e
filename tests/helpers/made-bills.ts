import { readdir, readFile } from "node:fs/promises";

/** A bill that was made up, in the shape of a supplier's; and what it says, by the columns of each supply. */
export type MadeBill = {
  name: string;
  html: string;
  state: string;
  kind: string | null;
  supplies: Record<string, string | number | boolean | null>[];
};

const FOLDER = new URL("../fixtures/bills/", import.meta.url);
const BOUNDARY = "<!-- ";

/** The bills of tests/fixtures/bills; each file begins with what it says, as a comment. */
export async function madeBills(): Promise<MadeBill[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".html")).sort();
  return Promise.all(
    names.map(async (name) => {
      const html = await readFile(new URL(name, FOLDER), "utf8");
      const said = JSON.parse(html.slice(BOUNDARY.length, html.indexOf("-->")));
      return { name: name.replace(".html", ""), html: html.slice(html.indexOf("-->") + 3), ...said };
    }),
  );
}
