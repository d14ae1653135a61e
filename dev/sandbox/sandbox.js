// The page polls /sandbox/api/state and draws what changed; every action is a POST next to it.
const POLL_MS = 1000;
const $ = (id) => document.getElementById(id);

let state = { session: null, phones: [], real: false };
let drawn = "";
let chosen = null;
const seen = new Map();

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

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function showProblem(text) {
  $("problem").textContent = text;
  $("problem").hidden = text === "";
}

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
  if (now === drawn) return;
  drawn = now;
  $("real").hidden = !state.real;
  $("phones").hidden = state.real;
  $("session-card").hidden = state.real;
  const connected = state.session === "connected";
  $("dot").className = state.session ?? "";
  $("session").textContent = connected ? "Connessa" : "Non connessa";
  $("toggle").textContent = connected ? "Disconnetti / disconnect" : "Riconnetti / reconnect";

  if (chosen === null && state.phones.length > 0) choose(state.phones[0].number);
  drawQueue(state.sender);
  drawTabs();
  drawPhone(state.phones.find((phone) => phone.number === chosen));
}

function drawQueue(sender) {
  const line = $("queue");
  line.hidden = !sender || (sender.queued === 0 && !sender.paused);
  if (line.hidden) return;
  const queued = sender.queued === 1 ? "1 messaggio in coda" : `${sender.queued} messaggi in coda`;
  const at = sender.next_send_at && new Date(sender.next_send_at).toLocaleTimeString("it-IT");
  const why = sender.paused ? `invio in pausa: ${sender.paused.message}` : at ? `il prossimo parte alle ${at}` : "";
  line.textContent = `${queued} (queued) – ${why}`;
}

function drawTabs() {
  $("tabs").replaceChildren(
    ...state.phones.map((phone) => {
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

function drawPhone(phone) {
  $("phone").hidden = !phone;
  $("empty").hidden = Boolean(phone);
  if (!phone) return;
  $("who").textContent = phone.name ?? "Cliente";
  $("number").textContent = phone.number;
  $("avatar").textContent = (phone.name ?? phone.number.slice(-2)).slice(0, 2).toUpperCase();
  $("chat").replaceChildren(...phone.messages.map(bubble));
  $("chat").scrollTop = $("chat").scrollHeight;
}

const TICKS = { in_progress: "…", sent: "✓", delivered: "✓✓", read: "✓✓" };
const WORDS = { in_progress: "in invio", sent: "inviato", delivered: "consegnato", read: "letto" };

function bubble(message) {
  const item = element("li", message.from === "customer" ? "mine" : "");
  if (message.type === "image") {
    const picture = element("img");
    picture.src = `/sandbox/files/${message.fileName}`;
    picture.alt = "Foto della bolletta";
    item.append(picture);
  }
  if (message.type === "document") {
    const link = element("a", "", message.fileName);
    link.href = `/sandbox/files/${message.fileName}`;
    link.target = "_blank";
    link.rel = "noopener";
    item.append(link);
  }
  if (message.text) item.append(element("p", "", message.text));
  const time = new Date(message.at).toLocaleTimeString("it-IT", { hour: "2-digit", minute: "2-digit" });
  const ofOurs = message.from === "company" ? ` · ${TICKS[message.status]} ${WORDS[message.status]}` : "";
  item.append(element("small", `meta ${message.from === "company" ? message.status : ""}`, time + ofOurs));
  return item;
}

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

function describeCall({ status, body }) {
  if (!body?.success) return `${status}: ${body?.error?.message ?? "?"}`;
  if (body.duplicate) return `${status}: doppione riconosciuto, nessun altro messaggio (duplicate)`;
  const { should_send, reason } = body.call;
  if (body.message) return `${status}: messaggio in coda (queued)`;
  return `${status}: nessun messaggio${should_send ? "" : ` – ${reason}`}`;
}

$("call").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  try {
    const { webhooks } = await post("calls", {
      number: fields.get("number"),
      name: fields.get("name"),
      outcome: fields.get("outcome"),
      withheld: fields.has("withheld"),
      twice: fields.has("twice"),
    });
    $("result").textContent = webhooks.map(describeCall).join("\n");
  } catch (error) {
    $("result").textContent = error.message;
  }
  poll();
});

async function reply(body) {
  const number = chosen;
  const phone = state.phones.find((candidate) => candidate.number === number);
  const name = phone?.name ?? $("call").elements.name.value.trim();
  try {
    await post("reply", { number, ...(name ? { name } : {}), ...body });
  } catch (error) {
    showProblem(error.message);
  }
  poll();
}

$("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text === "") return;
  $("text").value = "";
  reply({ type: "text", text });
});
$("photo").addEventListener("click", () => reply({ type: "photo", text: "Foto bolletta" }));
$("pdf").addEventListener("click", () => reply({ type: "pdf", text: "Bolletta" }));
$("toggle").addEventListener("click", async () => {
  await post("session", { status: state.session === "connected" ? "disconnected" : "connected" });
  poll();
});
document.addEventListener("visibilitychange", tellOpen);
addEventListener("pagehide", () => chosen && post("open", { number: chosen, open: false }));

await poll();
setInterval(poll, POLL_MS);
