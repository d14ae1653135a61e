import type { Word } from "../../lib/bills/cell.ts";
import type { Pages } from "../../lib/bills/read-pages.ts";
import { printFacts } from "./facts.ts";
import { LETTER, layOut, type Piece } from "./layout.ts";
import { Random } from "./random.ts";
import { inventTruth, type Truth } from "./truth.ts";

export type MadeBill = { seed: number; truth: Truth; pieces: Piece[]; styles: string[] };
const WIDTH = 595;
const HEIGHT = 842;

/** A bill of a supplier that does not exist in this form; the same one for the same seed. */
export function makeBill(seed: number): MadeBill {
  const { truth, footer } = inventTruth(seed);
  const random = new Random(seed + 7);
  const { pieces, styles } = layOut(printFacts(truth, random), random);
  const head: Piece[] = [
    { page: 1, x: 40, y: 40, size: 18, text: random.pick(["Enel", "Eni", "La tua bolletta", "Bolletta luce"]) },
    {
      page: 1,
      x: 40,
      y: 70,
      size: 9,
      text: random.pick([
        "Bolletta per la fornitura di energia elettrica",
        "Scontrino dell'energia",
        "Bolletta sintetica energia elettrica",
      ]),
    },
    { page: 1, x: 340, y: 60, size: 9, text: "Spett.le" },
    { page: 1, x: 340, y: 72, size: 9, text: "DESTINATARIO DELLA POSTA" },
    { page: 1, x: 340, y: 84, size: 9, text: "VIA POSTUMIA 77" },
    { page: 1, x: 340, y: 96, size: 9, text: "31100 TREVISO TV" },
  ];
  const foot: Piece[] = [
    { page: 1, x: 40, y: 800, size: 6, text: footer },
    {
      page: 1,
      x: 40,
      y: 815,
      size: 6,
      text: "Segnalazione guasti: e-distribuzione S.p.A. 803 500 - I consumi stimati sono calcolati dal venditore in mancanza di letture.",
    },
    {
      page: 1,
      x: 40,
      y: 785,
      size: 6,
      text: "Una famiglia di 3 persone ha un consumo annuo di 2.700 kWh con potenza impegnata 3 kW.",
    },
  ];
  return { seed, truth, pieces: [...head, ...pieces, ...foot], styles };
}

/** Its words as they would be found in a PDF. */
export function toPages({ pieces }: MadeBill): Pages {
  const words = pieces.flatMap(({ page, x, y, size, text }): Word[] =>
    [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
      text: word,
      page,
      x: x + index * size * LETTER,
      y,
      width: word.length * size * LETTER,
      height: size * 0.92,
      confidence: 1,
    })),
  );
  const count = Math.max(...pieces.map(({ page }) => page));
  return {
    words,
    sizes: Array.from({ length: count }, () => ({ width: WIDTH, height: HEIGHT })),
    count,
    isPhoto: false,
  };
}

/** The same as a page for a browser. */
export function toHtml({ pieces }: MadeBill): string {
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const pages = Math.max(...pieces.map(({ page }) => page));
  const spans = pieces.map(
    ({ page, x, y, size, text }) =>
      `<span style="left:${x}pt;top:${(page - 1) * HEIGHT + y}pt;font-size:${size}pt">${escaped(text)}</span>`,
  );
  return `<style>@page{size:${WIDTH}pt ${HEIGHT}pt;margin:0}body{margin:0;width:${WIDTH}pt;height:${pages * HEIGHT - 1}pt;position:relative;background:#fff;font-family:Arial,Helvetica,sans-serif}span{position:absolute;white-space:nowrap;line-height:1}</style>${spans.join("")}`;
}
