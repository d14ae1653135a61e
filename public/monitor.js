// @ts-check
const POLL_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
const SHOWN = 200;

const time = new Intl.DateTimeFormat("it-IT", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Rome" });
const STATES = {
  received: "ricevuto",
  queued: "in coda",
  sending: "in invio",
  sent: "inviato",
  delivered: "consegnato",
  read: "letto",
  failed: "errore",
  unknown: "incerto: verificare",
  cancelled: "annullato",
};
const TYPES = {
  image: "📷 Foto",
  document: "📄 Documento",
  video: "🎬 Video",
  audio: "🎤 Audio",
  sticker: "Adesivo",
  location: "📍 Posizione",
  contact: "Contatto",
  poll: "Sondaggio",
  other: "Messaggio",
};
const PAUSES = {
  session: "WhatsApp non è collegato: aprire Wasender e scansionare il codice QR.",
  configuration: "Wasender rifiuta la chiave o l'abbonamento: avvisare chi gestisce il sistema.",
  staff: "Gli invii sono sospesi.",
};

/** @type {Map<number, any>} The messages shown, by id. */
const messages = new Map();
let cursor = "";
let wait = POLL_MS;

async function poll() {
  try {
    const query = cursor ? `?limit=${SHOWN}&after=${encodeURIComponent(cursor)}` : `?limit=${SHOWN}`;
    const response = await fetch(`/api/whatsapp-incoming${query}`, { signal: AbortSignal.timeout(15_000) });
    const answer = await response.json();
    // A cursor that the server does not know (another database): start again.
    if (response.status === 400) cursor = "";
    if (!response.ok) throw new Error(answer.error?.message ?? `HTTP ${response.status}`);
    cursor = answer.cursor;
    for (const message of answer.messages) messages.set(message.id, message);
    if (answer.messages.length > 0) showMessages();
    showSender(answer);
    wait = answer.more ? 0 : POLL_MS;
  } catch (error) {
    wait = Math.min(LONGEST_WAIT_MS, Math.max(POLL_MS, wait * 2));
    notice(`Aggiornamento non riuscito, nuovo tentativo tra ${wait / 1000} s. (${error instanceof Error ? error.message : error})`);
  }
  setTimeout(poll, wait);
}

function showMessages() {
  const newest = [...messages.values()].sort((a, b) => b.id - a.id).slice(0, SHOWN);
  byId("messages").replaceChildren(...newest.map(row));
}

/** @param {any} message */
function row(message) {
  const tr = document.createElement("tr");
  tr.className = message.direction;
  const who = message.contact_name ?? message.phone_number ?? "numero non ancora noto";
  const what = [TYPES[message.type], message.text].filter(Boolean).join("\n");
  const state = cell(STATES[message.status] ?? message.status, message.error);
  if (message.status === "failed" || message.status === "unknown") state.className = "error";
  tr.append(
    cell(time.format(new Date(message.message_at ?? message.created_at))),
    cell(who, message.contact_name ? message.phone_number : null),
    cell(what),
    state,
  );
  return tr;
}

/** Text only: what customers write never becomes markup. @param {string} text @param {string | null} [below] */
function cell(text, below = null) {
  const td = document.createElement("td");
  td.textContent = text;
  if (below) {
    const small = document.createElement("small");
    small.textContent = below;
    td.append(small);
  }
  return td;
}

/** @param {any} answer */
function showSender({ source, sender }) {
  byId("source").textContent = source === "wasender" ? "Wasender" : "database";
  byId("session").textContent = sender.session === "connected" ? "collegato" : (sender.session ?? "non ancora noto");
  byId("queued").textContent = String(sender.queued);
  byId("next").textContent = sender.next_send_at ? time.format(new Date(sender.next_send_at)) : "–";
  byId("empty").hidden = messages.size > 0;
  notice(sender.paused ? `Invii in pausa. ${PAUSES[sender.paused.reason] ?? sender.paused.message}` : "");
}

/** @param {string} text */
function notice(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = text === "";
}

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(id);
  return element;
}

poll();
