import { count, numbers } from "../../plural.js";

const number = numbers("it-IT");

export default {
  thread: {
    label: "Conversazione",
    back: "Torna alle conversazioni",
    call: "Chiama",
    bill: "Bolletta ricevuta",
    /** @param {string} name @param {string} time */
    billBy: (name, time) => `segnata da ${name}, ${time}`,
    /** @param {string} time */
    billAt: (time) => `dal ${time}`,
    loading: "Caricamento della conversazione…",
    failed: "La conversazione non si carica.",
    missing: "Questa conversazione non esiste più.",
    empty: "Ancora nessun messaggio con questo cliente.",
    older: "Mostra i messaggi precedenti",
    /** @param {number} n */
    newMessages: (n) => count(n, "1 nuovo messaggio", `${n} nuovi messaggi`),
    toBottom: "Vai in fondo",
    unreadHere: "Non letti",
    ask: "Richiesta automatica",
    reminder: "Promemoria automatico",
    confirmation: "Conferma automatica",
    manual: "Scritto dal telefono",
    retry: "Riprova",
    resend: "Invia di nuovo",
    giveUp: "Lascia perdere",
    cancel: "Annulla l’invio",
    remove: "Elimina",
    /** @param {string} reason */
    failedBecause: (reason) => (reason ? `Non inviato: ${reason}` : "Non inviato."),
    /** @param {string} reason */
    unknownBecause: (reason) =>
      `Non si sa se è arrivato: ${reason || "Wasender non lo ha detto."} Guarda su WhatsApp nel telefono prima di inviare di nuovo.`,
    notSaved: "Non ancora inviato: il sistema non ha risposto.",
    saving: "in invio",
  },
  label: {
    name: "Che cosa risponde",
    until: "Promessa entro",
    none: "da ascoltare",
    by: {
      rule: "Capito dalle parole. L e una lettera lo cambiano.",
      staff: "Deciso da un collega. L e una lettera lo cambiano.",
    },
    done: "Corretto.",
    values: {
      promise: "Promette",
      question: "Domanda",
      no_bills: "Senza bollette",
      by_email: "Via e-mail",
      wrong_number: "Numero sbagliato",
      refusal: "Rifiuta",
      other: "Altro",
    },
  },
  media: {
    /** @param {number} n */
    pages: (n) => `${n} ${count(n, "pagina", "pagine")}`,
    pending: "in arrivo…",
    failed: "file non scaricato",
    deleted: "file cancellato alla scadenza",
    reasons: {
      gone: "su WhatsApp non c’è più.",
      tooLarge: "è troppo grande.",
      notDelivered: "WhatsApp non lo ha consegnato.",
      notKept: "il sistema non è riuscito a conservarlo.",
      broken: "è rovinato, o non è quello che dice di essere.",
    },
    onPhone: "si apre dal telefono",
    /** @param {string} name */
    openNamed: (name) => `Apri ${name}`,
  },
  bills: {
    /** @param {number} n */
    count: (n) => `${n} ${count(n, "bolletta", "bollette")}`,
    /** @param {string} name */
    download: (name) => `Scarica ${name}`,
  },
  call: {
    incoming: "Chiamata ricevuta",
    outgoing: "Chiamata fatta",
    other: "Chiamata",
    /** @param {string} name */
    by: (name) => `con ${name}`,
    /** @param {string} time */
    talked: (time) => `${time} di conversazione`,
    /** @param {string} time */
    lasted: (time) => `durata ${time}`,
    answered: "Risposta",
    missed: "Senza risposta",
    voicemail: "Segreteria telefonica",
    busy: "Occupato",
    recording: "Ascolta la registrazione",
    noMessage: "Nessun messaggio.",
    /** @param {string} reason */
    noMessageBecause: (reason) => `Nessun messaggio: ${reason}`,
    legacy: "Chiamata registrata dal sistema precedente.",
    erased: "I dati del cliente sono stati cancellati.",
  },
  /** @param {string} who @param {string} what @param {string} time */
  actionLine: (who, what, time) => `${who} ${what} alle ${time}`,
  composer: {
    label: "Risposta",
    placeholder: "Scrivi una risposta",
    send: "Invia",
    hint: "Invio per inviare, Maiusc+Invio per andare a capo",
    noNumber: "WhatsApp non ha ancora comunicato il numero di questo cliente: si potrà rispondere appena arriva.",
    paused: "Gli invii sono sospesi: la risposta resterà in coda.",
    /** @param {number} left */
    left: (left) => (left < 0 ? `${number(-left)} caratteri di troppo` : `${number(left)} caratteri rimasti`),
  },
  ask: {
    resend: {
      title: "Inviare di nuovo?",
      text: "Non si sa se il primo messaggio è arrivato: il cliente potrebbe riceverlo due volte.",
      yes: "Invia di nuovo",
    },
    give_up: {
      title: "Lasciare perdere questo messaggio?",
      text: "Non verrà più inviato. Se il cliente non l’ha ricevuto, bisognerà scrivergli a mano.",
      yes: "Lascia perdere",
    },
    cancel: {
      title: "Annullare l’invio?",
      text: "Il messaggio esce dalla coda e il cliente non lo riceve.",
      yes: "Annulla l’invio",
      no: "Lascia in coda",
    },
    pause: {
      title: "Sospendere tutti gli invii?",
      text: "Nessun messaggio partirà, per nessun cliente, finché qualcuno non preme «Riprendi gli invii».",
      yes: "Sospendi",
    },
    resume: {
      title: "Riprendere gli invii?",
      /** @param {number} n */
      text: (n) =>
        n === 0
          ? "I prossimi messaggi partiranno subito."
          : n === 1
            ? "Il messaggio in coda partirà subito e non si potrà ritirare."
            : `I ${number(n)} messaggi in coda cominceranno a partire, uno alla volta, e non si potranno ritirare.`,
      yes: "Riprendi gli invii",
    },
    tryAgain: {
      title: "Riprovare adesso?",
      text: "Se Wasender non è ancora a posto, gli invii si fermano di nuovo: nessun messaggio va perso.",
      yes: "Riprova ora",
    },
    no: "Annulla",
  },
  done: {
    retry: "Il messaggio è di nuovo in coda.",
    resend: "Il messaggio è di nuovo in coda.",
    give_up: "Messaggio lasciato perdere.",
    cancel: "Invio annullato.",
    pause: "Invii sospesi.",
    resume: "Gli invii sono ripresi.",
    bill_set: "Segnata: bolletta ricevuta.",
    bill_unset: "Tolto il segno «bolletta ricevuta».",
    notPossible: "Non è più possibile: nel frattempo lo stato è cambiato.",
    failed: "Non riuscito: il sistema non risponde. Riprova tra poco.",
    refused: "Non riuscito: il sistema ha rifiutato la richiesta.",
  },
};
