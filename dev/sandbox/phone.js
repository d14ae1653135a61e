/** @import { Phone, PhoneMessage } from "../wasender/phone.ts" */
import { $, element } from "./dom.js";

/** The customer's phone: the chat with the company. @param {Phone | undefined} phone */
export function drawPhone(phone) {
  $("phone").hidden = !phone;
  $("empty").hidden = Boolean(phone);
  if (!phone) return;
  $("who").textContent = phone.name ?? "Cliente";
  $("number").textContent = phone.number;
  $("avatar").textContent = (phone.name ?? phone.number.slice(-2)).slice(0, 2).toUpperCase();
  $("chat").replaceChildren(...phone.messages.map(bubble));
  $("chat").scrollTop = $("chat").scrollHeight;
}

const STATES = {
  in_progress: "… in invio",
  sent: "✓ inviato",
  delivered: "✓✓ consegnato",
  read: "✓✓ letto",
  failed: "✗ rifiutato da WhatsApp (463)",
};

/** @param {PhoneMessage} message */
function bubble({ from, type, fileName, text, at, status }) {
  const item = element("li", from === "customer" ? "mine" : "");
  if (type === "image") {
    const picture = element("img");
    picture.src = `/sandbox/files/${fileName}`;
    picture.alt = "Foto della bolletta";
    item.append(picture);
  }
  if (type === "document") {
    const link = element("a", "", fileName);
    link.href = `/sandbox/files/${fileName}`;
    link.target = "_blank";
    link.rel = "noopener";
    item.append(link);
  }
  if (text) item.append(element("p", "", text));
  const time = new Date(at).toLocaleTimeString("it-IT", { hour: "2-digit", minute: "2-digit" });
  const ours = from === "company";
  item.append(element("small", `meta ${ours ? status : ""}`, time + (ours ? ` · ${STATES[status]}` : "")));
  return item;
}
