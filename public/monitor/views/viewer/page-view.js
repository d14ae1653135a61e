/** @import { Evidence, Message } from "../../data/types.js" */
import { mediaAddress } from "../../data/api.js";
import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { openFile } from "./open-file.js";
import { turned } from "./turned.js";

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** The page itself: zoom, turn, next; with the place of a value marked. */
export class PageView {
  #canvas = h("canvas", { role: "img", "aria-label": t.bill.page_ });
  #mark = h("div", { class: "viewer-mark", hidden: true });
  #sheet = h("div", { class: "viewer-sheet" }, this.#canvas, this.#mark);
  #scroller = h("div", { class: "viewer-scroll", tabindex: "0" }, this.#sheet);
  #where = h("span", { class: "viewer-where", role: "status" });
  #message = h("p", { class: "viewer-message", hidden: true });
  #zoom = 1;
  #turns = 0;
  #page = 1;
  /** @type {Evidence | null} */
  #marked = null;
  /** @type {import("./open-file.js").OpenFile | null} */
  #file = null;
  /** What was asked for last is drawn last. */
  #asked = 0;

  constructor() {
    this.element = h(
      "section",
      { class: "viewer-page", "aria-label": t.bill.page_ },
      h(
        "div",
        { class: "viewer-tools" },
        this.#tool("−", t.bill.smaller, () => this.#zoomBy(-1)),
        this.#tool("+", t.bill.larger, () => this.#zoomBy(1)),
        this.#tool("↻", t.bill.turn, () => this.#turn()),
        this.#tool("‹", t.bill.previous, () => this.#go(this.#page - 1)),
        this.#where,
        this.#tool("›", t.bill.next, () => this.#go(this.#page + 1)),
      ),
      this.#message,
      this.#scroller,
    );
  }

  /** @param {string} sign @param {string} words @param {() => void} click */
  #tool(sign, words, click) {
    return h("button", { type: "button", class: "round", "aria-label": words, title: words, click }, sign);
  }

  /** @param {Message} message */
  async open(message) {
    const asked = ++this.#asked;
    this.#file?.close();
    this.#file = null;
    [this.#zoom, this.#turns, this.#page, this.#marked] = [1, 0, 1, null];
    this.#mark.hidden = true;
    this.#tell(t.loading);
    try {
      const file = await openFile(mediaAddress(message.id, "file"), message.media?.mime_type ?? "");
      if (asked !== this.#asked) return file.close();
      this.#file = file;
      await this.#draw();
      this.#tell("");
    } catch {
      if (asked !== this.#asked) return;
      const link = h(
        "a",
        { href: mediaAddress(message.id, "file"), target: "_blank", rel: "noopener" },
        t.bill.openFile,
      );
      this.#tell(`${t.bill.notShown} `);
      this.#message.append(link);
      this.#canvas.width = 0;
      setText(this.#where, "");
    }
  }

  /** Leads to where a value stands. @param {Evidence | null} evidence */
  mark(evidence) {
    this.#marked = evidence;
    if (evidence?.page && evidence.page !== this.#page && evidence.page <= (this.#file?.pages ?? 0))
      this.#go(evidence.page);
    else this.#drawMark();
  }

  /** @param {string} key @returns {boolean} whether it means something here */
  pressed(key) {
    const does = { "+": () => this.#zoomBy(1), "-": () => this.#zoomBy(-1), r: () => this.#turn() };
    const pages = { pagedown: () => this.#go(this.#page + 1), pageup: () => this.#go(this.#page - 1) };
    const act = new Map(Object.entries({ ...does, ...pages })).get(key);
    act?.();
    return act !== undefined;
  }

  close() {
    this.#asked++;
    this.#file?.close();
  }

  /** @param {string} words */
  #tell(words) {
    this.#message.hidden = words === "";
    this.#message.replaceChildren(words);
  }

  /** @param {1 | -1} step */
  #zoomBy(step) {
    const next = ZOOMS[ZOOMS.indexOf(this.#zoom) + step];
    if (next === undefined) return;
    this.#zoom = next;
    void this.#draw();
  }

  #turn() {
    this.#turns = (this.#turns + 1) % 4;
    void this.#draw();
  }

  /** @param {number} page */
  #go(page) {
    if (page < 1 || page > (this.#file?.pages ?? 1)) return;
    this.#page = page;
    this.#scroller.scrollTop = 0;
    void this.#draw();
  }

  async #draw() {
    const file = this.#file;
    if (!file) return;
    const width = Math.max(200, this.#scroller.clientWidth - 24) * this.#zoom;
    await file.draw(this.#canvas, this.#page, width, this.#turns);
    this.#canvas.style.width = `${width}px`;
    setText(this.#where, `${this.#page} / ${file.pages}`);
    this.#drawMark();
  }

  #drawMark() {
    const { page, box } = this.#marked ?? {};
    this.#mark.hidden = !box || page !== this.#page;
    if (!box || this.#mark.hidden) return;
    const { x, y, width, height } = turned(box, this.#turns);
    const place = { left: x, top: y, width, height };
    for (const [side, part] of Object.entries(place)) this.#mark.style.setProperty(side, `${part * 100}%`);
    this.#mark.scrollIntoView({ block: "center", inline: "nearest" });
  }
}
