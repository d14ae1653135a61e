/** @import { ErrorCode, LogCode } from "../../../../../lib/error-code.ts" */
/** @import { ConversationState, HoldReason, MessageStatus, MessageType, StaffAction } from "../../../data/types.js" */

// The words for what the server says in codes: one that has none fails the type check.

export default {
  /** What to do about a state of Wasender’s session, whose list is Wasender’s. */
  session: {
    need_scan: "Aprire Wasender e scansionare il codice QR con il telefono.",
    disconnected: "Aprire Wasender, premere «Connect» e, se lo chiede, scansionare il codice QR.",
    logged_out: "Il telefono si è scollegato: aprire Wasender e scansionare il codice QR.",
    expired: "Il collegamento è scaduto: aprire Wasender e scansionare il codice QR.",
    connecting: "Di solito basta un minuto.",
    need_passkey: "Wasender chiede una conferma sul telefono: aprire Wasender e seguire le istruzioni.",
    other: "Aprire Wasender e controllare il collegamento.",
  },
  /** @type {Record<ConversationState, string>} */
  states: {
    none: "nessuna richiesta",
    waiting: "in attesa",
    answered: "ha risposto",
    bill: "bolletta ricevuta",
    error: "errore",
    check: "da verificare",
  },
  /** @type {Record<MessageStatus, string>} */
  status: {
    received: "ricevuto",
    queued: "in coda",
    sending: "in invio",
    sent: "inviato",
    delivered: "consegnato",
    read: "letto",
    failed: "errore",
    unknown: "incerto",
    cancelled: "annullato",
  },
  /**
   * Why a message is still queued; `when` is “alle 9:00” or “lun 9:00”, "" if nobody knows.
   * @type {Record<HoldReason, (when: string) => string>}
   */
  holds: {
    paused: () => "invii sospesi",
    staff: () => "prima va deciso se il cliente vuole altri messaggi",
    restricted: (when) => `WhatsApp ha limitato il numero${when && `, si riprova ${when}`}`,
    hours: (when) => (when ? `parte ${when}` : "fuori orario"),
    cap: (when) => `limite di oggi raggiunto${when && `, parte ${when}`}`,
    backoff: (when) => (when ? `nuovo tentativo ${when}` : ""),
    // Each waits for the one before it: only the bar knows when the next one goes.
    slot: () => "",
    objection: () => "non partirà: il cliente non vuole messaggi",
    superseded: () => "non partirà: la sostituisce una richiesta più recente",
    bill: () => "non partirà: la bolletta è arrivata",
    case: () => "non partirà: la pratica è completa",
    held_too_long: () => "non partirà: ha aspettato troppo",
  },
  /** @type {Record<MessageType, string>} */
  types: {
    text: "Messaggio",
    image: "Foto",
    document: "Documento",
    video: "Video",
    audio: "Audio",
    sticker: "Adesivo",
    location: "Posizione",
    contact: "Contatto",
    poll: "Sondaggio",
    other: "Messaggio di altro tipo",
  },
  /** @type {Record<Exclude<StaffAction["action"], "reply">, string>} */
  actions: {
    retry: "ha riprovato l’invio",
    resend: "ha inviato di nuovo il messaggio",
    give_up: "ha lasciato perdere il messaggio",
    cancel: "ha annullato l’invio",
    pause: "ha sospeso gli invii",
    resume: "ha ripreso gli invii",
    bill_confirm: "ha confermato una bolletta",
    bill_correct: "ha corretto una bolletta",
    bill_page: "ha detto di quale bolletta un file è una pagina",
    bill_reject: "ha detto che un file non è una bolletta",
    label: "ha corretto che cosa risponde un messaggio",
    bill_set: "ha segnato la bolletta come ricevuta",
    bill_unset: "ha tolto il segno «bolletta ricevuta»",
    objection_set: "ha segnato che il cliente non vuole messaggi",
    objection_lift: "ha tolto l’opposizione",
    objection_none: "ha deciso che il cliente non si oppone",
    case_year: "ha scelto l’anno della pratica",
    case_pod_add: "ha aggiunto un POD",
    case_pod_remove: "ha tolto un POD",
    case_pod_merge: "ha unito due POD",
    case_supply: "ha indicato le date di una fornitura",
    case_declare: "ha dichiarato completa la pratica",
    case_reopen: "ha riaperto la pratica",
    code_join: "ha unito chi ha scritto con il codice al cliente della chiamata",
    code_refuse: "ha tenuto separato chi ha scritto con il codice",
    second_number: "ha aggiunto un altro numero",
    done: "ha segnato come fatto",
  },
  /** @type {Record<ErrorCode | LogCode, string>} */
  reasons: {
    not_on_whatsapp: "questo numero non è su WhatsApp.",
    rejected: "Wasender ha rifiutato il messaggio.",
    rate_limited: "Wasender chiede di aspettare il proprio turno.",
    session_down: "WhatsApp non era collegato.",
    key_refused: "Wasender non accetta la chiave.",
    subscription: "l’abbonamento a Wasender non è attivo.",
    wrong_address: "l’indirizzo di Wasender non è quello giusto.",
    unreachable: "Wasender non era raggiungibile.",
    no_answer: "Wasender non ha risposto in tempo.",
    server_error: "Wasender ha avuto un guasto.",
    unreadable: "la risposta di Wasender non si capisce.",
    lease_expired: "l’invio si è interrotto a metà.",
    slot_missed: "il turno è passato, si aspetta il prossimo.",
    delivery_failed: "WhatsApp non lo ha consegnato.",
    restricted: "WhatsApp ha limitato il nostro account.",
    objection: "il cliente non vuole altri messaggi automatici.",
    superseded: "l’ha sostituito la richiesta di una chiamata successiva.",
    held_too_long: "non è potuto partire entro cinque giorni lavorativi.",
    no_phone_number: "il numero è nascosto o manca.",
    payload_says_no: "CloudTalk ha indicato di non inviarlo.",
    nobody_talked: "la conversazione non c’è stata.",
    bill_already_received: "la bolletta è già arrivata.",
    case_complete: "la pratica è completa.",
    bills_to_check: "prima qualcuno controlla le bollette arrivate.",
    too_old: "la chiamata è arrivata al sistema troppo tardi.",
    asked_recently: "il cliente l’ha ricevuto da poco.",
    duplicate_call: "la chiamata era doppia.",
    answered: "il cliente ha già risposto.",
  },
  /** @param {string} error */
  reasonQuoted: (error) => `Wasender dice: «${error}»`,
};
