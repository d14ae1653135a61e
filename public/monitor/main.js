import { onSignedOut, signOut, whoAmI } from "./api.js";
import { startBanner } from "./banner.js";
import { forgetDrafts, startComposer } from "./composer.js";
import { byId, setText } from "./dom.js";
import { startFilters } from "./filters.js";
import { switchLanguage, t, translatePage } from "./i18n.js";
import { startKeyboard } from "./keyboard.js";
import { startList } from "./list.js";
import { startOverview } from "./overview.js";
import { startRouting } from "./route.js";
import { startSenderBar } from "./sender-bar.js";
import { showSignIn, startSignIn } from "./sign-in.js";
import { changed, on, store } from "./store.js";
import { loadThread, markSeen, onArrival, pollNow, reloadList, startOver, startSync, stopSync } from "./sync.js";
import { preview, who } from "./text.js";
import { startThread } from "./thread.js";
import { announce } from "./toast.js";

let opened = store.open;
let filtered = JSON.stringify(store.filter);

translatePage();
startRouting(moved);
opened = store.open;
filtered = JSON.stringify(store.filter);
startFilters();
startOverview();
startList();
startThread();
startComposer();
startSenderBar();
startBanner();
startKeyboard();
startSignIn(begin);
on(["counts", "open", "list"], drawTitle);
on(["user"], () => setText(byId("user-name"), store.user?.name || store.user?.email || ""));
onSignedOut(() => {
  stopSync();
  startOver();
  showSignIn(store.user !== null);
});
onArrival((messages) => {
  const last = messages.at(-1);
  const conversation = last && store.conversations.get(last.conversation_id);
  if (last && conversation) announce(t.list.announce(who(conversation), preview(last)));
  markSeen();
});
for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", switchLanguage);
for (const words of document.querySelectorAll("[data-other-language]")) words.setAttribute("lang", t.otherLanguageCode);
byId("sign-out").addEventListener("click", async () => {
  stopSync();
  forgetDrafts();
  // Nothing of what was seen stays in the page.
  await signOut().catch(() => {});
  location.assign("/monitor");
});
begin();

/** At the start, and again after signing in. */
function begin() {
  drawOpen();
  startSync();
  void reloadList();
  void loadThread();
  whoAmI()
    .then((user) => {
      store.user = user;
      changed("user");
    })
    .catch(() => {});
  changed("user");
}

/** The address has changed: another conversation, another filter, or both. */
function moved() {
  const filter = JSON.stringify(store.filter);
  if (filter !== filtered) {
    filtered = filter;
    changed("filter");
    void reloadList();
  }
  if (store.open === opened) return;
  opened = store.open;
  drawOpen();
  void loadThread();
  pollNow();
  if (store.open === null) return;
  // Where a keyboard is, writing can begin; on a phone it would cover half of what there is to read.
  if (matchMedia("(pointer: fine) and (min-width: 48.01rem)").matches) byId("reply").focus();
  else byId("thread-title").focus();
}

function drawOpen() {
  changed("open");
  drawTitle();
}

function drawTitle() {
  if (byId("app").hidden) return;
  const unread = store.counts?.unread ?? 0;
  const conversation = store.conversations.get(store.open ?? -1);
  const title = `${unread > 0 ? `(${unread}) ` : ""}${conversation ? `${who(conversation)} · ` : ""}${t.title}`;
  if (document.title !== title) document.title = title;
}
