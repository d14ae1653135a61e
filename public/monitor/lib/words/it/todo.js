/** @import { TodoName } from "../../../data/types.js" */
/** @import { Todo } from "../../../../../lib/supabase/followup/todo.ts" */

export default {
  todo: {
    title: "Da fare",
    nothing: "Niente da fare",
    /** @type {Record<TodoName, string>} */
    lists: {
      questions: "Domande e rifiuti",
      wrong_numbers: "Numeri sbagliati",
      promises: "Promesse scadute",
      bills: "Bollette da confermare",
      other_supplies: "Altre forniture",
      not_reachable: "Non raggiungibili",
      never_delivered: "Mai consegnati",
      to_call: "Da chiamare",
    },
    /** @type {Record<TodoName, string>} */
    help: {
      questions: "Chi chiede, rifiuta o manda per e-mail: rispondere, poi segnare come fatto.",
      wrong_numbers: "Chi dice che il numero è sbagliato.",
      promises: "Il giorno promesso è passato e non è arrivato nulla.",
      bills: "File letti che qualcuno deve confermare.",
      other_supplies: "Pratiche complete: nessuno ha chiesto se ci sono altre forniture.",
      not_reachable: "Non sono su WhatsApp, o il numero è fisso: aggiungere un altro numero.",
      never_delivered: "In 48 ore il messaggio non è arrivato sul telefono.",
      to_call: "Tutti i promemoria sono partiti senza esito. Il CSV serve al combinatore.",
    },
    /** Why a customer is on a list. @type {Record<NonNullable<Todo["reason"]>, string>} */
    reasons: {
      question: "Chiede",
      refusal: "Rifiuta",
      by_email: "Per e-mail",
      wrong_number: "Numero sbagliato",
      promise: "Ha promesso",
      to_confirm: "Ci sono file da confermare",
      complete: "Pratica completa: ha altre forniture?",
      not_on_whatsapp: "Il numero non è su WhatsApp",
      landline: "È un numero fisso",
      never_delivered: "Il messaggio non è mai arrivato",
      reminded: "Nessun esito dopo i promemoria",
    },
    /** @param {string} day “20 novembre” */
    promisedFor: (day) => `Aveva promesso per il ${day}`,
    done: "Fatto",
    didIt: "Segnato come fatto.",
    call: "Chiama",
    number: "Altro numero del cliente",
    useNumber: "Usa questo numero",
    /** @param {string} number */
    numberUsed: (number) => `Il messaggio va a ${number}.`,
    /** @param {string} number */
    numberAdded: (number) => `Aggiunto ${number}.`,
    numberTaken: "Questo numero è di un altro cliente.",
    noNumber: "Questo non è un numero di telefono.",
    /** @param {string} name */
    code: (name) => `Ha scritto con il codice di una chiamata di ${name}: è lo stesso cliente?`,
    join: "Sì, unisci",
    keepApart: "No, un altro",
    joined: "Ora sono una conversazione sola.",
    keptApart: "Restano due clienti.",
    joinAsk: {
      title: "Unire le due conversazioni?",
      text: "Messaggi, chiamate e bollette diventano di un cliente solo. Non si può tornare indietro.",
      yes: "Unisci",
    },
    copyLink: "Copia il link per scriverci su WhatsApp",
    linkCopied: "Link copiato: chi lo apre ci scrive, e si sa per quale chiamata.",
  },
};
