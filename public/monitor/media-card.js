/** @import { Message } from "./types.js" */
import { mediaAddress } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { reason } from "./reasons.js";
import { size } from "./text.js";

const ICONS = {
  image: "image",
  document: "document",
  video: "video",
  audio: "audio",
  sticker: "image",
  location: "pin",
  contact: "person",
  poll: "other",
  other: "other",
  text: "other",
};

/** What came with a message: a photo as itself where it is kept, everything else as a card. @param {Message} message */
export function mediaCard({ id, type, media }) {
  const kind = t.types[type] ?? t.types.other;
  const name = media?.file_name || kind;
  if (media?.state === "stored" && type === "image") {
    const image = h("img", { src: mediaAddress(id, "thumb"), alt: name, loading: "lazy", decoding: "async" });
    const link = h(
      "a",
      {
        class: "photo",
        href: mediaAddress(id, "file"),
        target: "_blank",
        rel: "noopener",
        title: t.media.openNamed(name),
      },
      image,
    );
    // Without a thumbnail it is a file like others.
    image.addEventListener("error", () => link.replaceWith(card()));
    return link;
  }
  return card();

  function card() {
    const words = h(
      "span",
      { class: "media-words" },
      h("strong", { dir: "auto" }, name),
      h("small", {}, details().join(" · ")),
    );
    const symbol = icon(ICONS[type] ?? "other");
    if (media?.state !== "stored") return h("div", { class: "media" }, symbol, words);
    return h(
      "a",
      {
        class: "media",
        href: mediaAddress(id, "file"),
        target: "_blank",
        rel: "noopener",
        "aria-label": t.media.openNamed(name),
      },
      symbol,
      words,
    );
  }

  function details() {
    const known = [];
    if (media?.file_name) known.push(kind);
    if (media?.pages) known.push(t.media.pages(media.pages));
    if (media?.size) known.push(size(media.size));
    if (media?.state === "pending") known.push(t.media.pending);
    else if (media?.state === "failed") known.push([t.media.failed, reason(media.error)].filter(Boolean).join(": "));
    else if (media?.state === "deleted") known.push(t.media.deleted);
    else if (media?.state !== "stored") known.push(t.media.onPhone);
    return known;
  }
}
