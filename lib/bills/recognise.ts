import { fileURLToPath } from "node:url";
import type { Line, Worker } from "tesseract.js";
import type { Word } from "./cell.ts";
import type { Straight } from "./straighten.ts";

/** No import names it, so the build of a deployment is told of it: `includeFiles` in vercel.json. */
const LANGUAGE = new URL("../../node_modules/@tesseract.js-data/ita/4.0.0_best_int/", import.meta.url);
/** Points of a picture for one of a PDF: as if the page were A4. */
export const A4_HEIGHT = 842;
/** One block of text of one size; without it, sparse pictures keep the recogniser busy for a minute. */
const ONE_BLOCK = "6";
/** It looks for columns itself; only for a page that is known to have text. */
const COLUMNS = "3";
const ONE_LINE = "7";

/** A line is higher than its capitals. */
const AROUND_LETTERS = 1.25;

export type Recogniser = {
  /** All words of a page, with places in points; `columns` for one that is not a single block of lines. */
  page: (picture: Straight, number: number, columns?: boolean) => Promise<Word[]>;
  /** The text of one line in a part of a picture. */
  line: (png: Buffer) => Promise<string>;
  close: () => Promise<void>;
};

/** Starts the recogniser for Italian; nothing is fetched and nothing kept. */
export async function startRecogniser(): Promise<Recogniser> {
  const [{ default: tesseract }, { default: sharp }] = await Promise.all([import("tesseract.js"), import("sharp")]);
  const worker: Worker = await tesseract.createWorker("ita", tesseract.OEM.LSTM_ONLY, {
    langPath: fileURLToPath(LANGUAGE),
    cacheMethod: "none",
    gzip: true,
    errorHandler: () => undefined,
  });
  let mode = "";
  const useMode = async (wanted: string) => {
    if (mode !== wanted)
      await worker.setParameters({ tessedit_pageseg_mode: wanted as never, user_defined_dpi: "300" });
    mode = wanted;
  };
  return {
    page: async ({ data, width, height }, number, columns = false) => {
      await useMode(columns ? COLUMNS : ONE_BLOCK);
      const png = await sharp(data, { raw: { width, height, channels: 1 } })
        .png({ compressionLevel: 1 })
        .toBuffer();
      const result = await worker.recognize(png, {}, { blocks: true, text: false });
      const scale = A4_HEIGHT / Math.max(width, height);
      const lines = (result.data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((one) => one.lines));
      const usual = median(lines.map(letterHeight));
      return lines.flatMap((line) => toWords(line, Math.max(letterHeight(line), 0.85 * usual), scale, number));
    },
    line: async (png) => {
      await useMode(ONE_LINE);
      return (await worker.recognize(png, {}, { text: true, blocks: false })).data.text.trim();
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

/** Of the capitals and figures of a line: its own height is that of whatever else is beside it. */
const letterHeight = ({ words }: Line): number => median(words.map(({ bbox }) => bbox.y1 - bbox.y0));

/** On the line's foot and of one height: a comma alone would be a line of its own. */
function toWords({ words, baseline, bbox: line }: Line, letters: number, scale: number, page: number): Word[] {
  const slope = (baseline.y1 - baseline.y0) / Math.max(1, baseline.x1 - baseline.x0);
  const isLevel = Math.abs(slope) < 0.05;
  const height = letters * AROUND_LETTERS * scale;
  return words.map(({ text, confidence, bbox }) => {
    const foot = isLevel ? baseline.y0 + slope * (bbox.x0 - baseline.x0) : line.y1;
    return {
      text,
      confidence: confidence / 100,
      page,
      x: bbox.x0 * scale,
      width: (bbox.x1 - bbox.x0) * scale,
      y: foot * scale - height * 0.8,
      height,
    };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 1;
}
