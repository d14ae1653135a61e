import type { Alert } from "../supabase/alert/claim-alerts.ts";

const time = new Intl.DateTimeFormat("it-IT", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Rome" });

/** The text of a problem or of its end: Italian, then English, with no customer's data. */
export function alertText(alert: Alert): string {
  const since = time.format(new Date(alert.since));
  const { it, en } = (alert.over ? over : begun)(alert, since);
  return `${alert.over ? "✅" : "⚠️"} ${it}\n${en}`;
}

function begun({ kind, detail }: Alert, since: string): { it: string; en: string } {
  switch (kind) {
    case "paused":
      return detail === "session"
        ? {
            it: `Invio WhatsApp in pausa dal ${since}: la sessione non è collegata. Aprire Wasender e ricollegare il telefono (QR).`,
            en: "WhatsApp sending is paused: the session is not connected. Open Wasender and link the phone again (QR).",
          }
        : {
            it: `Invio WhatsApp in pausa dal ${since}: Wasender rifiuta la chiave o l'abbonamento.`,
            en: "WhatsApp sending is paused: Wasender refuses the API key or the subscription. npm run doctor says which.",
          };
    case "restricted":
      return {
        it: `WhatsApp limita il numero dal ${since}: i primi contatti sono fermi, le risposte partono. Aspettare; non scansionare di nuovo il QR, non accelerare gli invii.`,
        en: "WhatsApp restricts the number: first contacts wait, replies go on. Wait; do not scan the QR code again, do not send faster.",
      };
    case "media":
      return {
        it: `Un file inviato da un cliente non si è potuto scaricare (${since}). Nel monitor è segnato: chiedere di inviarlo di nuovo.`,
        en: "A customer's file could not be fetched. The monitor marks it: ask for it to be sent again.",
      };
    case "clock":
      return {
        it: `L'orologio che avvia gli invii ${detail === "never" ? "non ha mai suonato" : `è fermo dal ${since}`}: ci sono messaggi o controlli in attesa.`,
        en: "The clock that starts the sending does not ring, and something is due. npm run doctor says why.",
      };
    case "database":
      return {
        it: `Il database è pieno ${at(detail)} %: quando è pieno non si registra più nulla. Conservare i webhook meno a lungo o passare a un piano più grande.`,
        en: `The database is ${detail} % full; when it is full nothing is recorded any more. npm run doctor says what to do.`,
      };
  }
}

function over({ kind }: Alert, since: string): { it: string; en: string } {
  switch (kind) {
    case "paused":
      return { it: `Invio WhatsApp ripreso (era in pausa dal ${since}).`, en: "WhatsApp sending goes on." };
    case "restricted":
      return { it: `I primi contatti ripartono (erano fermi dal ${since}).`, en: "First contacts go again." };
    case "media":
      return {
        it: "Nessun file perso nelle ultime 24 ore.",
        en: "No file was lost in the last 24 hours.",
      };
    case "clock":
      return { it: "L'orologio suona di nuovo.", en: "The clock rings again." };
    case "database":
      return { it: "Nel database c'è di nuovo spazio.", en: "There is room in the database again." };
  }
}

/** all'80, al 90: Italian joins the article to a number that begins with a vowel. */
const at = (percent: string | null) => (/^(8\d?|11)$/.test(percent ?? "") ? `all'${percent}` : `al ${percent}`);
