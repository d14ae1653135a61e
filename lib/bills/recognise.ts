import { fileURLToPath } from "node:url";
import type { Worker } from "tesseract.js";
import type { Word } from "./cell.ts";
import type { Straight } from "./straighten.ts";

/** No import names it, so the build of a deployment is told of it: `includeFiles` in vercel.json. */
const LANGUAGE = new URL("../../node_modules/@tesseract.js-data/ita/4.0.0_best_int/", import.meta.url);
/** Points of a picture for one of a PDF: as if the page were A4. */
export const A4_HEIGHT = 842;
/** One block of text of one size; without it, sparse pictures keep the recogniser busy for a minute. */
const ONE_BLOCK = "6";
const ONE_LINE = "7";

export type Recogniser = {
  /** All words of a page, with places in points. */
  page: (picture: Straight, number: number) => Promise<Word[]>;
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
    page: async ({ data, width, height }, number) => {
      await useMode(ONE_BLOCK);
      const png = await sharp(data, { raw: { width, height, channels: 1 } })
        .png({ compressionLevel: 1 })
        .toBuffer();
      const result = await worker.recognize(png, {}, { blocks: true, text: false });
      const scale = A4_HEIGHT / Math.max(width, height);
      const lines = (result.data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((one) => one.lines));
      return lines.flatMap((line) =>
        line.words.map(({ text, confidence, bbox }) => ({
          text,
          confidence: confidence / 100,
          page: number,
          x: bbox.x0 * scale,
          width: (bbox.x1 - bbox.x0) * scale,
          // Of one line all words have its feet and height: a comma alone would be a line of its own.
          y: line.bbox.y0 * scale,
          height: (line.bbox.y1 - line.bbox.y0) * scale,
        })),
      );
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
