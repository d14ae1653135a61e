/**
 * A file that can be drawn.
 * @typedef {object} OpenFile
 * @property {number} pages
 * @property {(canvas: HTMLCanvasElement, page: number, width: number, turns: number) => Promise<void>} draw
 *   in so many CSS pixels, turned clockwise by quarters
 * @property {() => void} close
 */

// Not named where a bundler or a type checker would look for it: it is a file of this site.
const PDFJS = "/vendor/pdf.min.mjs";
const PDFJS_WORKER = "/vendor/pdf.worker.min.mjs";
/** What a browser draws at most, in pixels. */
const MOST_PIXELS = 16_000_000;

/** @param {string} address @param {string} type @returns {Promise<OpenFile>} */
export async function openFile(address, type) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The file cannot be had: ${response.status}`);
  if (type === "application/pdf") return openPdf(await response.arrayBuffer());
  return openPhoto(await response.blob());
}

/** @param {ArrayBuffer} data @returns {Promise<OpenFile>} */
async function openPdf(data) {
  /** @type {typeof import("pdfjs-dist")} */
  const pdfjs = await import(PDFJS);
  pdfjs.GlobalWorkerOptions.workerSrc = PDFJS_WORKER;
  const loading = pdfjs.getDocument({ data, isEvalSupported: false, enableXfa: false });
  const pdf = await loading.promise;
  /** @type {import("pdfjs-dist").RenderTask | null} */
  let drawing = null;
  return {
    pages: pdf.numPages,
    draw: async (canvas, number, width, turns) => {
      drawing?.cancel();
      const page = await pdf.getPage(number);
      const rotation = (page.rotate + turns * 90) % 360;
      const { width: natural, height } = page.getViewport({ scale: 1, rotation });
      const scale = Math.min((width / natural) * devicePixelRatio, Math.sqrt(MOST_PIXELS / (natural * height)));
      const viewport = page.getViewport({ scale, rotation });
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      drawing = page.render({ canvas, viewport });
      await drawing.promise.catch((error) => {
        if (error?.name !== "RenderingCancelledException") throw error;
      });
    },
    close: () => void loading.destroy(),
  };
}

/** @param {Blob} blob @returns {Promise<OpenFile>} */
async function openPhoto(blob) {
  const picture = await createImageBitmap(blob);
  return {
    pages: 1,
    draw: async (canvas, _page, width, turns) => {
      const lies = turns % 2 === 1;
      const natural = lies ? picture.height : picture.width;
      const scale = Math.min((width / natural) * devicePixelRatio, 2);
      canvas.width = Math.round(natural * scale);
      canvas.height = Math.round((lies ? picture.width : picture.height) * scale);
      const context = canvas.getContext("2d");
      if (!context) return;
      context.translate(canvas.width / 2, canvas.height / 2);
      context.rotate((turns * Math.PI) / 2);
      context.drawImage(
        picture,
        (-picture.width * scale) / 2,
        (-picture.height * scale) / 2,
        picture.width * scale,
        picture.height * scale,
      );
    },
    close: () => picture.close(),
  };
}
