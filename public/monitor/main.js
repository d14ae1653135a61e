import { onSignedOut, whoAmI } from "./data/api.js";
import { loadThread } from "./data/load-thread.js";
import { pollNow, reloadList, resumePolling, startPolling, stopPolling } from "./data/poll.js";
import { startRouting } from "./data/route.js";
import { markSeen } from "./data/seen.js";
import { changed, on, store } from "./data/store.js";
import { find } from "./lib/dom.js";
import { t, translatePage } from "./lib/i18n.js";
import { preview, who } from "./lib/text.js";
import { startBanner } from "./views/banner.js";
import { startFilters } from "./views/filters.js";
import { startLanguage } from "./views/language.js";
import { startList } from "./views/list.js";
import { startMenu } from "./views/menu.js";
import { startOverview } from "./views/overview.js";
import { startOwed } from "./views/owed.js";
import { startSearch } from "./views/search.js";
import { startSenderBar } from "./views/sender-bar.js";
import { startSenderNotice } from "./views/sender-notice.js";
import { startSignIn } from "./views/sign-in.js";
import { startTitle } from "./views/title.js";
import { announce } from "./views/toast.js";
import { startTodo } from "./views/todo.js";

const part = (/** @type {string} */ id) => find(document, `#${id}`);
const app = part("app");
/** @type {typeof import("./views/pane.js") | null} */
let pane = null;

translatePage(document);
startRouting({ opened, filtered });
startLanguage(document);
startTitle(app);
startMenu(part("menu"));
startSenderBar(part("bar"));
startSenderNotice(part("sender-notice"));
startBanner(part("live-notice"));
startOwed(part("owed"));
startSearch(part("conversations"));
startFilters(part("conversations"));
startTodo(part("todo"));
startOverview(part("overview"));
const { focusRow } = startList(part("conversations"));
const signIn = startSignIn(part("sign-in"), app, begin);
on(["open"], () => {
  app.dataset.pane = store.open === null ? "list" : "thread";
});
on(["live"], () => {
  if (store.live.running && !store.live.failing && store.user === null) readUser();
});
onSignedOut(() => {
  stopPolling();
  signIn.show(store.user !== null);
});
startPolling((messages) => {
  const last = messages.at(-1);
  const conversation = store.conversations.get(last?.conversation_id ?? -1);
  if (last && conversation) announce(t.list.announce(who(conversation), preview(last)));
  markSeen();
});
const listed = begin();
// The list comes first, if nothing else is open.
if (store.open === null) await listed;
pane = await import("./views/pane.js");
pane.startPane(document, focusRow);
changed("open");

/** At the start, and again after signing in. Ends when the list has been asked for. */
function begin() {
  changed("open", "user");
  resumePolling();
  void loadThread();
  readUser();
  return reloadList();
}

/** Whose page it is; if that cannot be had now, it is asked again once the server answers. */
function readUser() {
  whoAmI()
    .then((user) => {
      store.user = user;
      changed("user");
    })
    .catch(() => {});
}

/** The list is to show something else. */
function filtered() {
  changed("filter");
  void reloadList();
}

/** Another conversation is open, or none. */
function opened() {
  changed("open");
  void loadThread();
  pollNow();
  if (store.open === null || pane === null) return;
  // If there is a keyboard, writing can begin; on a phone it would cover half of what there is to read.
  if (matchMedia("(pointer: fine) and (min-width: 48.01rem)").matches) pane.focusComposer();
  else part("thread-title").focus();
}
