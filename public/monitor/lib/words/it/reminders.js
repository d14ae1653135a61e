/** @import { Reminders } from "../../../../../lib/supabase/reminders/reminders.ts" */

export default {
  reminders: {
    /** @param {number} step @param {string} when */
    next: (step, when) => `Prossimo sollecito (${step}º): ${when}`,
    none: "Nessun sollecito",
    /** @type {Record<NonNullable<Reminders["hold"]>, string>} why not now */
    holds: {
      off: "",
      objection: "il cliente non vuole messaggi, o è da decidere",
      paused: "il cliente non va più sollecitato",
      case: "non manca nulla che si possa chiedere",
      not_asked: "la richiesta non è ancora arrivata",
      unknown: "di un invio non si conosce l’esito",
      never_delivered: "i messaggi non arrivano sul telefono",
      file_waits: "prima va guardato un file",
      answer: "prima va vista la sua risposta",
      deadline: "la scadenza è passata",
      used_up: "sono già partiti tutti",
      written: "si è scritto da poco",
      promise: "ha promesso",
      paused_until: "in attesa, per decisione nostra",
      spacing: "un messaggio automatico è appena partito",
    },
    pause: "Non sollecitare…",
    pauseTitle: "Non sollecitare",
    until: "Fino a quando",
    untilDay: "fino a un giorno",
    never: "mai più",
    day: "Si riprende il",
    resume: "Riprendi i solleciti",
    texts: "Testi dei solleciti",
    textsHelp: "Valgono per tutti. Variabili: {nome} {mancano} {anno} {scadenza}. Vuoto: il testo incluso.",
    /** @param {number} step */
    text: (step) => `${step}º sollecito`,
    /** @param {string} text */
    preview: (text) => `Così lo legge questo cliente: «${text}»`,
  },
};
