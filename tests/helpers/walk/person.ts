/** A customer of a walk, with what must be found nowhere once they are erased. */
export type Person = {
  n: number;
  phones: { first: string; second: string };
  lid: string;
  name: string;
  /** Is in every text that they write, or that is written to them. */
  words: string;
  /** Wasender gave another number for the LID. */
  moved: boolean;
};

let people = 0;

export function newPerson(): Person {
  const n = ++people;
  const digits = String(n).padStart(6, "0");
  return {
    n,
    phones: { first: `+393331${digits}`, second: `+393332${digits}` },
    lid: `98700007${digits}@lid`,
    name: `Nome${digits}`,
    words: `parola${digits}`,
    moved: false,
  };
}

/** As it may stand in any text. */
export const marks = ({ phones, lid, name, words }: Person): string[] => [
  phones.first.slice(3),
  phones.second.slice(3),
  lid.split("@")[0] ?? "",
  name,
  words,
];
