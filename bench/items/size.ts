import { useBuiltFunctions } from "../built.ts";
import type { Item } from "../entry.ts";
import { type Carried, packagesOf } from "../size/packages.ts";
import { alone } from "../stats.ts";

/** How many bytes does Vercel deploy for each function, and does it need them? */
export const size: Item = async (bench) => {
  const functions = await useBuiltFunctions(bench);
  const carried: { name: string; packages: Carried[] }[] = [];
  for (const built of functions) carried.push({ name: built.name, packages: await packagesOf(built) });
  const kB = (packages: Carried[]) => Math.round(packages.reduce((sum, { bytes }) => sum + bytes, 0) / 1000);
  const isUnused = ({ loaded }: Carried) => loaded === "never";
  return {
    measures: carried.flatMap(({ name, packages }) => [
      alone(name, "kB", [kB(packages)]),
      alone("  of it loaded at once", "kB", [kB(packages.filter(({ loaded }) => loaded === "at once"))]),
    ]),
    targets: [
      {
        what: "packages that nothing loads",
        unit: "",
        value: new Set(carried.flatMap(({ packages }) => packages.filter(isUnused).map((one) => one.name))).size,
        limit: 0,
      },
    ],
    notes: carried.map(({ name, packages }) => {
      const list = (loaded: Carried["loaded"]) => {
        const those = packages.filter((one) => one.loaded === loaded);
        return `${loaded} ${those.map((one) => `${one.name || "(our own)"} ${kB([one])} kB`).join(", ") || "nothing"}`;
      };
      return `${name} loads ${list("at once")}; ${list("later")}; ${list("never")}`;
    }),
  };
};
