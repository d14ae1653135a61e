// The page polls /sandbox/api/state and draws what changed; every action is a POST next to it.
/** @import { SandboxState } from "../sandbox-routes.ts" */
/** @import { WebhookAnswer } from "../cloudtalk.ts" */
/** @import { Phone } from "../wasender/phone.ts" */

import { drawContact, startContact } from "./contact.js";
import { $, element } from "./dom.js";
import { drawPhone } from "./phone.js";

const POLL_MS = 1000;

/** @type {SandboxState | null} */
let state = null;
let drawn = "";
/** @type {string | null} the number of the phone that is shown */
let chosen = null;
/** @type {Map<string, number>} how many messages of a phone were seen */
const seen = new Map();

/** @param {string} action @param {object} body */
async function post(action, body) {
  const response = await fetch(`/sandbox/api/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    keepalive: true,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error?.message ?? `HTTP ${response.status}`);
  return answer;
}

/** @param {string} text */
function showProblem(text) {
  $("problem").textContent = text;
  $("problem").hidden = text === "";
}

/** @param {unknown} error */
const wordsOf = (error) => (error instanceof Error ? error.message : String(error));

async function poll() {
  try {
    state = await (await fetch("/sandbox/api/state")).json();
    showProblem("");
    draw();
  } catch {
    showProblem("npm run dev non risponde. / npm run dev does not answer.");
  }
}

function draw() {
  const now = JSON.stringify([state, chosen]);
  if (!state || now === drawn) return;
  drawn = now;
  $("real").hidden = !state.real;
  $("phones").hidden = state.real;
  $("session-card").hidden = state.real;
  const connected = state.session === "connected";
  $("dot").className = state.session ?? "";
  $("session").textContent = connected ? "Connessa" : "Non connessa";
  $("toggle").textContent = connected ? "Disconnetti / disconnect" : "Riconnetti / reconnect";

  const [first] = state.phones;
  if (chosen === null && first) choose(first.number);
  drawContact(state);
  drawQueue(state.sender);
  drawTabs(state.phones);
  drawPhone(state.phones.find((phone) => phone.number === chosen));
}

/** @param {SandboxState["sender"]} sender */
function drawQueue(sender) {
  const line = $("queue");
  line.hidden = sender.queued === 0 && !sender.paused;
  if (line.hidden) return;
  const queued = sender.queued === 1 ? "1 messaggio in coda" : `${sender.queued} messaggi in coda`;
  const why = pausedOrNext(sender);
  line.textContent = `${queued} (queued) – ${why}`;
}

/** @param {SandboxState["sender"]} sender */
function pausedOrNext({ paused, hours, next_send_at }) {
  const restricted = paused?.reason === "restricted";
  if (paused && !restricted) return `invio in pausa: ${paused.code}`;
  const at = next_send_at && new Date(next_send_at).toLocaleString("it-IT");
  return [
    restricted && "primi messaggi fermi (463)",
    !hours.open && "fuori orario",
    at && `il prossimo parte alle ${at}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** @param {Phone[]} phones */
function drawTabs(phones) {
  $("tabs").replaceChildren(
    ...phones.map((phone) => {
      const tab = element("button", "", phone.name ?? phone.number);
      tab.type = "button";
      tab.setAttribute("aria-current", String(phone.number === chosen));
      if (phone.number === chosen) seen.set(phone.number, phone.messages.length);
      const unseen = phone.messages.length - (seen.get(phone.number) ?? 0);
      if (unseen > 0) tab.append(element("span", "badge", String(unseen)));
      tab.addEventListener("click", () => choose(phone.number));
      return tab;
    }),
  );
}

/** @param {string} number */
function choose(number) {
  if (chosen && chosen !== number) post("open", { number: chosen, open: false });
  chosen = number;
  tellOpen();
  draw();
}

// What arrives while the chat is on the screen is read.
function tellOpen() {
  if (chosen) post("open", { number: chosen, open: document.visibilityState === "visible" }).catch(() => undefined);
}

/** @param {{ status: number, body: any }} answer */
function describeCall({ status, body }) {
  if (!body?.success) return `${status}: ${body?.error?.message ?? "?"}`;
  if (body.duplicate) return `${status}: doppione riconosciuto, nessun altro messaggio (duplicate)`;
  const { should_send, reason } = body.call;
  if (body.message) return `${status}: messaggio in coda (queued)`;
  return `${status}: nessun messaggio${should_send ? "" : ` – ${reason}`}`;
}

const callForm = $("call", HTMLFormElement);
callForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(callForm);
  try {
    /** @type {{ webhooks: WebhookAnswer[] }} */
    const { webhooks } = await post("calls", {
      number: fields.get("number"),
      name: fields.get("name"),
      outcome: fields.get("outcome"),
      withheld: fields.has("withheld"),
      twice: fields.has("twice"),
    });
    $("result").textContent = webhooks.map(describeCall).join("\n");
  } catch (error) {
    $("result").textContent = wordsOf(error);
  }
  poll();
});

/** @param {{ type: "text" | "photo" | "pdf", text: string }} body */
async function reply(body) {
  const number = chosen;
  const phone = state?.phones.find((candidate) => candidate.number === number);
  const name = phone?.name ?? String(new FormData(callForm).get("name")).trim();
  try {
    await post("reply", { number, ...(name ? { name } : {}), ...body });
  } catch (error) {
    showProblem(wordsOf(error));
  }
  poll();
}

const answer = $("text", HTMLInputElement);
$("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = answer.value.trim();
  if (text === "") return;
  answer.value = "";
  reply({ type: "text", text });
});
$("photo").addEventListener("click", () => reply({ type: "photo", text: "Foto bolletta" }));
$("pdf").addEventListener("click", () => reply({ type: "pdf", text: "Bolletta" }));
$("toggle").addEventListener("click", async () => {
  await post("session", { status: state?.session === "connected" ? "disconnected" : "connected" });
  poll();
});
startContact(async (action, body) => {
  await post(action, body);
  await poll();
});
document.addEventListener("visibilitychange", tellOpen);
addEventListener("pagehide", () => chosen && post("open", { number: chosen, open: false }));

await poll();
setInterval(poll, POLL_MS);
