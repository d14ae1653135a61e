import { byId, h, icon, setText } from "./dom.js";
import { t } from "./i18n.js";
import { on, store } from "./store.js";
import { pollNow } from "./sync.js";
import { age, clock } from "./time.js";

/** While the server does not answer: that it does not, and how old is what is seen. It goes when the server is back. */
export function startBanner() {
  const place = byId("live-notice");
  const what = h("span", {});
  const when = h("span", { "aria-hidden": "true" });
  place.append(
    icon("offline"),
    h("p", {}, what, " ", when),
    h("button", { type: "button", class: "button quiet", click: pollNow }, t.live.retryNow),
  );
  const draw = () => {
    const { failing, okAt, retryAt, trying } = store.live;
    place.hidden = !failing;
    if (!failing) return;
    setText(what, okAt === 0 ? t.live.never : t.live.stale(age(Date.now() - okAt), clock(okAt)));
    setText(when, trying ? t.live.trying : t.live.retry(age(Math.max(0, retryAt - Date.now()))));
  };
  on(["live"], draw);
  setInterval(draw, 1_000);
}
