/** @import { Media, MediaCode, Message } from "../data/types.js" */
import { mediaAddress } from "../data/api.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { size } from "../lib/text.js";
import { billCard } from "./bill-card.js";

/** @type {Record<Message["type"], string>} */
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

/**
 * What came with a message: a photo as itself if it is kept, everything else as a card; of a bill file also what was read.
 * @param {Message} message
 */
export function mediaCard(message) {
  const file = message.media?.state === "stored" && message.type === "image" ? photo(message) : card(message);
  return message.bill ? h("div", {}, file, billCard(message, message.bill)) : file;
}

/** @param {Message} message */
const nameOf = ({ type, media }) => media?.file_name || t.types[type];

/** @param {Message} message @param {string} className */
const opens = (message, className) => ({
  class: className,
  href: mediaAddress(message.id, "file"),
  target: "_blank",
  rel: "noopener",
});

/** @param {Message} message */
function photo(message) {
  const name = nameOf(message);
  const image = h("img", { src: mediaAddress(message.id, "thumb"), alt: name, loading: "lazy", decoding: "async" });
  const link = h("a", { ...opens(message, "photo"), title: t.media.openNamed(name) }, image);
  // Without a thumbnail it is a file like others.
  image.addEventListener("error", () => link.replaceWith(card(message)));
  return link;
}

/** @param {Message} message */
function card(message) {
  const name = nameOf(message);
  const content = [
    icon(ICONS[message.type]),
    h(
      "span",
      { class: "media-words" },
      h("strong", { dir: "auto" }, name),
      h("small", {}, details(message).filter(Boolean).join(" · ")),
    ),
  ];
  if (message.media?.state !== "stored") return h("div", { class: "media" }, ...content);
  return h("a", { ...opens(message, "media"), title: t.media.openNamed(name) }, ...content);
}

/** @param {Message} message */
function details({ type, media }) {
  if (!media) return [t.media.onPhone];
  return [
    media.file_name && t.types[type],
    media.pages && t.media.pages(media.pages),
    media.size && size(media.size),
    fileState(media),
  ];
}

/** @type {Record<Exclude<MediaCode, "deleted">, keyof typeof t.media.reasons>} several codes are one to staff */
const REASONS = {
  gone: "gone",
  gave_up: "gone",
  too_large: "tooLarge",
  too_slow: "notDelivered",
  download_failed: "notDelivered",
  storage_failed: "notKept",
  processing_failed: "notKept",
  invalid_media: "broken",
  empty: "broken",
  truncated: "broken",
  wrong_encrypted_hash: "broken",
  wrong_mac: "broken",
  wrong_hash: "broken",
  wrong_length: "broken",
  type_mismatch: "broken",
  forbidden_host: "broken",
  too_many_redirects: "broken",
};

/** @param {Media} media */
function fileState({ state, error }) {
  if (state === "stored") return "";
  if (state === "pending") return t.media.pending;
  if (state === null) return t.media.onPhone;
  if (error === "deleted") return t.media.deleted;
  const why = new Map(Object.entries(REASONS)).get(error ?? "");
  return why ? `${t.media.failed}: ${t.media.reasons[why]}` : t.media.failed;
}
