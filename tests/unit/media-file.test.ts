import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { type FileClaim, toFileKind } from "../../lib/media/file-kind.ts";
import { toFileName } from "../../lib/media/file-name.ts";
import { MediaError } from "../../lib/media/media-error.ts";
import { toMediaSource } from "../../lib/media/media-source.ts";
import { makeThumbnail } from "../../lib/media/thumbnail.ts";
import type { Media } from "../../lib/wasender/content.ts";

const dev = (name: string) => readFile(new URL(`../../dev/files/${name}`, import.meta.url));
const reason = (error: unknown) => (error instanceof MediaError ? error.reason : String(error));

describe("where a file may lie", () => {
  const key = Buffer.alloc(32, 1).toString("base64");
  const media = (changed: Partial<Media>): Media => ({
    url: null,
    directPath: null,
    mimetype: null,
    mediaKey: key,
    fileSha256: null,
    fileEncSha256: null,
    fileLength: null,
    fileName: null,
    title: null,
    pageCount: null,
    ...changed,
  });
  const outcome = (changed: Partial<Media>) => {
    try {
      return toMediaSource(media(changed)).url.href;
    } catch (error) {
      return reason(error);
    }
  };

  it.each([
    [{ url: "https://mmg.whatsapp.net/v/x.enc?mms3=true" }, "https://mmg.whatsapp.net/v/x.enc?mms3=true"],
    [{ url: "https://media-mxp1-1.cdn.whatsapp.net/v/x.enc" }, "https://media-mxp1-1.cdn.whatsapp.net/v/x.enc"],
    [{ url: "HTTPS://MMG.WHATSAPP.NET:443/v/x.enc" }, "https://mmg.whatsapp.net/v/x.enc"],
    [{ directPath: "/v/t62/x.enc?oh=1" }, "https://mmg.whatsapp.net/v/t62/x.enc?oh=1"],
    [{ url: "https://web.whatsapp.net", directPath: "/v/x.enc" }, "https://mmg.whatsapp.net/v/x.enc"],
  ])("%o leads to %s", (changed, url) => expect(outcome(changed)).toBe(url));

  it.each([
    "http://mmg.whatsapp.net/v/x.enc",
    "https://mmg.whatsapp.net:8443/v/x.enc",
    "https://user:secret@mmg.whatsapp.net/v/x.enc",
    "https://whatsapp.net/v/x.enc",
    "https://evilwhatsapp.net/v/x.enc",
    "https://mmg.whatsapp.net.evil.example/v/x.enc",
    "https://mmg.whatsapp.net@evil.example/v/x.enc",
    "https://evil.example/mmg.whatsapp.net/x",
    "https://127.0.0.1/v/x.enc",
    "https://[::1]/v/x.enc",
    "https://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd.whatsapp.net",
    "ftp://mmg.whatsapp.net/v/x.enc",
  ])("%s is refused", (url) => expect(outcome({ url })).toBe("forbidden_host"));

  it("a path that names another host leads there as little", () => {
    expect(outcome({ directPath: "//evil.example/x" })).toBe("forbidden_host");
    expect(outcome({ directPath: "https://evil.example/x" })).toBe("forbidden_host");
  });

  it.each([
    [{}, "invalid_media"],
    [{ url: "not a url" }, "invalid_media"],
    [{ url: "https://mmg.whatsapp.net/x", mediaKey: null }, "invalid_media"],
    [{ url: "https://mmg.whatsapp.net/x", mediaKey: "AAAA" }, "invalid_media"],
    [{ url: "https://mmg.whatsapp.net/x", fileSha256: "BASE64" }, "invalid_media"],
    [{ url: "https://mmg.whatsapp.net/x", fileLength: 0 }, "empty"],
    [{ url: "https://mmg.whatsapp.net/x", fileLength: 20 * 1024 * 1024 + 1 }, "too_large"],
  ])("%o is %s, and nothing is fetched", (changed, why) => expect(outcome(changed)).toBe(why));
});

describe("what a file is", () => {
  const document = (mimeType: string, fileName: string): FileClaim => ({ type: "document", mimeType, fileName });
  const photo: FileClaim = { type: "image", mimeType: "image/jpeg", fileName: null };
  const kind = (bytes: Buffer, claim: FileClaim) => toFileKind(bytes, claim).catch(reason);
  const html = Buffer.from("<!doctype html><script>alert(document.cookie)</script>");
  const zip = Buffer.from("504b03041400000000000000", "hex");

  it("a photo and a PDF are known by their content, whatever they claim to be", async () => {
    const jpeg = { kind: "image", mimeType: "image/jpeg", extension: "jpg" };
    const pdf = { kind: "pdf", mimeType: "application/pdf", extension: "pdf" };
    expect(await kind(await dev("bolletta.jpg"), photo)).toEqual(jpeg);
    expect(await kind(await dev("bolletta.jpg"), document("image/png", "bolletta.png"))).toEqual(jpeg);
    expect(await kind(await dev("bolletta.jpg"), document("application/pdf", "bolletta.pdf"))).toEqual(jpeg);
    expect(await kind(await dev("bolletta.pdf"), document("application/octet-stream", "bolletta"))).toEqual(pdf);
  });

  it.each([
    ["HTML that claims to be a PDF", html, document("application/pdf", "bolletta.pdf")],
    ["HTML that is only called a PDF", html, document("text/html", "bolletta.pdf")],
    ["HTML that claims to be a photo", html, photo],
    ["SVG with a script that claims to be a photo", Buffer.from("<svg onload='alert(1)'/>"), photo],
    ["a program that claims to be a PDF", Buffer.from("4d5a900003000000", "hex"), document("application/pdf", "a.pdf")],
    ["an archive that claims to be a photo", zip, document("image/jpeg", "a.jpg")],
    ["words that claim to be a sound", Buffer.from("hello"), { type: "audio", mimeType: "audio/ogg", fileName: null }],
    ["PDF's name further down", Buffer.from(`${html}%PDF-1.7`), document("application/pdf", "a.pdf")],
  ] satisfies [string, Buffer, FileClaim][])("%s is refused", async (_, bytes, claim) => {
    expect(await kind(bytes, claim)).toBe("type_mismatch");
  });

  it.each([
    ["a page of HTML", html, document("text/html", "pagina.html")],
    ["an SVG", Buffer.from("<svg/>"), document("image/svg+xml", "a.svg")],
    ["an archive", zip, document("application/zip", "bollette.zip")],
    ["a signed invoice", Buffer.from("3082"), document("application/pkcs7-mime", "fattura.xml.p7m")],
  ] satisfies [string, Buffer, FileClaim][])(
    "%s that says so is kept, to be saved and never shown",
    async (_, bytes, claim) => {
      expect(await kind(bytes, claim)).toMatchObject({ kind: "other", mimeType: "application/octet-stream" });
    },
  );
});

describe("a thumbnail", () => {
  it("is upright, small, and tells nothing of place and time", async () => {
    // A camera held upright stores the picture lying on its side, with a note of how to turn it.
    const photo = await sharp({ create: { width: 1600, height: 1200, channels: 3, background: "red" } })
      .jpeg()
      .withExif({ IFD0: { Make: "Camera" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "41/1 53/1 30/1" } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await sharp(photo).metadata()).orientation).toBe(6);
    const small = await makeThumbnail(photo);
    const { format, width, height, orientation, exif } = await sharp(small ?? Buffer.alloc(0)).metadata();
    expect({ format, width, height, orientation, exif }).toEqual({ format: "webp", width: 360, height: 480 });
  });

  it("is left out where a photo cannot be read, or is larger than any", async () => {
    expect(await makeThumbnail(Buffer.from("ffd8ffe000104a464946", "hex"))).toBeNull();
    const huge = await sharp({ create: { width: 12_000, height: 11_000, channels: 3, background: "red" } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect(await makeThumbnail(huge)).toBeNull();
  });
});

describe("the name under which a file is saved", () => {
  it.each([
    ["bolletta.pdf", "1/2026-11/7-ab.pdf", "bolletta.pdf"],
    ["Bolletta Novembre.PDF", "1/2026-11/7-ab.pdf", "Bolletta Novembre.PDF"],
    ["foto.jpeg", "1/2026-11/7-ab.jpg", "foto.jpeg"],
    ["bolletta.pdf", "1/2026-11/7-ab.jpg", "bolletta.pdf.jpg"],
    ["fattura.xml.p7m", "1/2026-11/7-ab.bin", "fattura.xml.p7m"],
    ["../../etc/passwd", "1/2026-11/7-ab.bin", "_.._etc_passwd"],
    ["bolletta\u202Efdp.exe", "1/2026-11/7-ab.exe", "bollettafdp.exe"],
    ['a"b\r\nSet-Cookie: x', "1/2026-11/7-ab.bin", "a_bSet-Cookie_ x"],
    [undefined, "1/2026-11/7-ab.jpg", "allegato-2026-11-22.jpg"],
    ["...", "1/2026-11/7-ab.pdf", "allegato-2026-11-22.pdf"],
  ])("%j → %3$j", (given, path, name) => {
    expect(toFileName(given, path, "2026-11-22T10:00:00+00:00")).toBe(name);
  });
});
