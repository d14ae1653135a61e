import { pollNow } from "../data/poll.js";
import { on, store } from "../data/store.js";
import { h, icon, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { age, clock } from "../lib/time.js";

/** While the server does not answer: that it does not, and how old is what is seen. @param {HTMLElement} root */
export function startBanner(root) {
  const what = h("span");
  const when = h("span", { "aria-hidden": "true" });
  root.append(
    icon("offline"),
    h("p", {}, what, " ", when),
    h("button", { type: "button", class: "button quiet", click: pollNow }, t.live.retryNow),
  );
  const draw = () => {
    const { failing, okAt, retryAt, trying } = store.live;
    root.hidden = !failing;
    if (!failing) return;
    setText(what, okAt === 0 ? t.live.never : t.live.stale(age(Date.now() - okAt), clock(okAt)));
    setText(when, trying ? t.live.trying : t.live.retry(age(Math.max(0, retryAt - Date.now()))));
  };
  on(["live"], draw);
  setInterval(draw, 1_000);
}
