import { count, numbers } from "../../plural.js";

const number = numbers("it-IT");

export default {
  hours: {
    /** @param {string} when “lunedì alle 9:00” */
    closedUntil: (when) => (when ? `fuori orario, riprende ${when}` : "fuori orario"),
    today: "oggi",
    tomorrow: "domani",
    /** @param {string} time */
    at: (time) => `alle ${time}`,
    /** @param {string} day @param {string} time */
    dayAt: (day, time) => `${day} alle ${time}`,
  },
  restricted: {
    /** @param {string} since */
    what: (since) => `WhatsApp ha limitato il nostro numero, ${since}.`,
    /** @param {string} until “martedì alle 10:12”, or nothing */
    until: (until) =>
      until
        ? `I messaggi a chi non ci ha mai scritto sono fermi fino a ${until}, poi uno di prova; gli altri partono.`
        : "A chi non ci ha mai scritto parte un solo messaggio, di prova; gli altri partono.",
    todo: "Aspettare: non scansionare di nuovo il QR, non accelerare gli invii.",
    ask: {
      title: "Riprendere i primi messaggi?",
      text: "WhatsApp ha limitato il numero: se il limite c’è ancora, ogni altro messaggio lo allunga. Riprendere solo se dal telefono si riesce a scrivere a un numero nuovo.",
      yes: "Riprendi lo stesso",
      no: "Aspetta",
    },
  },
  lights: {
    /** @param {number} answered @param {number} of */
    answers: (answered, of) => `${number(answered)} ${count(answered, "risposta", "risposte")} su ${number(of)}`,
    answersHelp:
      "Negli ultimi sette giorni: quanti dei primi messaggi, a chi non ci aveva mai scritto, hanno avuto una risposta. Se sono pochi, WhatsApp può limitare il numero.",
    /** @param {number} n */
    undelivered: (n) => `${number(n)} mai ${count(n, "consegnato", "consegnati")}`,
    undeliveredHelp:
      "Inviati da più di 48 ore e mai arrivati sul telefono, negli ultimi trenta giorni: conviene chiamare.",
    never: "mai consegnato",
    neverHelp: "Mai consegnato: in 48 ore non è arrivato sul telefono. Conviene chiamare.",
  },
  objection: {
    badge: "opposizione",
    askedBadge: "da decidere",
    what: "Non vuole messaggi automatici",
    /** @param {string} time */
    byCustomer: (time) => `lo ha scritto il cliente, ${time}`,
    /** @param {string} name @param {string} time */
    byStaff: (name, time) => `segnato da ${name}, ${time}`,
    /** @param {string} reason */
    reason: (reason) => `«${reason}»`,
    asked: "Forse non vuole più messaggi: decidi tu. Intanto i messaggi automatici aspettano.",
    askedAgain: "Ha scritto di nuovo: vuole ricevere messaggi? Finché nessuno decide, non ne partono.",
    objects: "Non vuole messaggi",
    doesNot: "Può riceverne",
    keep: "Resta così",
    set: "Segna che non vuole messaggi",
    lift: "Togli l’opposizione",
    label: "Perché",
    hint: "Resta scritto con il tuo nome.",
    missing: "Scrivi il motivo.",
    cancel: "Annulla",
    /** @param {string} text */
    wrote: (text) => `ha scritto: ${text}`,
    ask: {
      set: {
        title: "Il cliente non vuole messaggi?",
        text: "I messaggi automatici in coda vengono annullati e non ne partono altri, nemmeno dopo le prossime chiamate.",
        yes: "Segna l’opposizione",
      },
      none: {
        title: "Può ricevere messaggi?",
        text: "I messaggi automatici che aspettano partono.",
        yes: "Può riceverne",
      },
      lift: {
        title: "Togliere l’opposizione?",
        text: "Solo se il cliente lo ha chiesto: dopo la prossima chiamata riceve di nuovo un messaggio automatico.",
        yes: "Togli l’opposizione",
      },
    },
    done: {
      set: "Segnato: non vuole messaggi automatici.",
      none: "Deciso: può ricevere messaggi.",
      lift: "Opposizione tolta.",
    },
  },
  reply: {
    label: "Quando inviare",
    now: "subito",
    /** @param {string} when “lunedì alle 9:00” */
    hours: (when) => `all’apertura, ${when}`,
    why: "Fuori orario, e il cliente non scrive da 24 ore. Inviare:",
    objection: "Questo cliente non vuole messaggi: prima dell’invio c’è una conferma.",
    despite: {
      title: "Scrivere a chi non vuole messaggi?",
      text: "Questo cliente ha chiesto di non ricevere messaggi. Scrivere solo se serve, per esempio per rispondere a una sua domanda.",
      yes: "Invia lo stesso",
    },
  },
};
