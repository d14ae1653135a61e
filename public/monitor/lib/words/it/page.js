import { count, numbers } from "../../plural.js";

const number = numbers("it-IT");

export default {
  title: "Messaggi WhatsApp",
  skip: "Vai alle conversazioni",
  otherLanguage: "English",
  otherLanguageCode: "en",
  loading: "Caricamento…",
  signIn: {
    title: "Accedi",
    lead: "Le conversazioni WhatsApp con i clienti.",
    email: "E-mail",
    password: "Password",
    submit: "Accedi",
    busy: "Accesso in corso…",
    expired: "La sessione è scaduta. Accedi di nuovo: quello che stavi scrivendo è rimasto.",
    failed: "E-mail o password non corrette, oppure l’account non è abilitato.",
    /** @param {string} wait */
    tooMany: (wait) => `Troppi tentativi. Riprova tra ${wait}.`,
    unavailable: "Il sistema non risponde. Riprova tra poco; se continua, avvisa chi lo gestisce.",
    empty: "Scrivi l’e-mail e la password.",
    help: "Non riesci ad accedere? Chiedi a chi gestisce il sistema di abilitare il tuo account.",
  },
  menu: { open: "Menu", changePassword: "Cambia password", signOut: "Esci", signedInAs: "Accesso come" },
  password: {
    title: "Cambia password",
    old: "Password attuale",
    new: "Nuova password",
    hint: "Almeno 12 caratteri.",
    again: "Ripeti la nuova password",
    cancel: "Annulla",
    submit: "Cambia password",
    busy: "Un momento…",
    empty: "Compila tutti e tre i campi.",
    short: "La nuova password è troppo corta: servono almeno 12 caratteri.",
    different: "Le due nuove password non sono uguali.",
    same: "La nuova password è uguale a quella attuale.",
    wrong: "La password attuale non è corretta.",
    weak: "Questa password è troppo facile da indovinare: scegline un’altra.",
    failed: "Non riuscito: il sistema non risponde. Riprova tra poco.",
    done: "Password cambiata.",
  },
  bar: {
    label: "Stato degli invii",
    session: {
      connected: "WhatsApp collegato",
      connecting: "WhatsApp si sta collegando",
      down: "WhatsApp non collegato",
      unknown: "WhatsApp: stato non noto",
    },
    /** @param {number} n */
    queued: (n) => (n === 0 ? "Nessun messaggio in coda" : `${number(n)} in coda`),
    /** @param {string} time */
    next: (time) => `prossimo tra ${time}`,
    nextNow: "prossimo tra poco",
    /** @param {string} when “domani alle 9:00” */
    nextAt: (when) => `prossimo ${when}`,
    /** @param {string} time */
    last: (time) => `ultimo verso le ${time}`,
    /** @param {string} dayAndTime */
    lastDay: (dayAndTime) => `ultimo verso ${dayAndTime}`,
    paused: "invii sospesi",
    sourceWasender: "Dati: Wasender",
    sourceDatabase: "Dati: database",
    sourceFallback: "Dati: database, di riserva",
    sourceHelp: "Il registro di Wasender non è impostato: si vede quello che è nel database.",
    pause: "Sospendi",
    pauseAll: "Sospendi gli invii",
    resume: "Riprendi gli invii",
    tryAgain: "Riprova ora",
  },
  notice: {
    /** @param {string | null} name @param {string} since */
    staff: (name, since) => (name ? `Invii sospesi da ${name}, ${since}.` : `Invii sospesi, ${since}.`),
    /** @param {string} time */
    since: (time) => `dalle ${time}`,
    /** @param {string} date */
    sinceDay: (date) => `da ${date}`,
    /** @param {string} since */
    session: (since) => `WhatsApp non è collegato, ${since}.`,
    sessionNow: "WhatsApp non è collegato.",
    connecting: "WhatsApp si sta collegando.",
    /** @param {string} since */
    configuration: (since) => `Wasender rifiuta gli invii, ${since}.`,
    notSetUp: "Wasender non è ancora impostato: i messaggi aspettano.",
    configurationHelp: "Avvisare chi gestisce il sistema.",
    resumesAlone: "Gli invii ripartono da soli appena è di nuovo collegato.",
    /** @param {number} n */
    waiting: (n) => (n === 0 ? "" : `${number(n)} ${count(n, "messaggio aspetta", "messaggi aspettano")}.`),
  },
  live: {
    /** @param {string} age @param {string} time */
    stale: (age, time) => `Aggiornamento non riuscito. Quello che vedi è di ${age} fa (${time}).`,
    never: "Non riesco a caricare i dati.",
    /** @param {string} wait */
    retry: (wait) => `Nuovo tentativo tra ${wait}.`,
    trying: "Nuovo tentativo…",
    retryNow: "Riprova ora",
  },
  filters: {
    label: "Filtra per stato",
    all: "Tutte",
    waiting: "In attesa",
    answered: "Ha risposto",
    bill: "Bolletta",
    error: "Errore",
    check: "Da verificare",
    objection: "Opposizione",
    undelivered: "Mai consegnato",
  },
  list: {
    title: "Conversazioni",
    search: "Cerca nome, numero o testo",
    clearSearch: "Cancella la ricerca",
    export: "Esporta CSV",
    exportHelp: "Scarica l’elenco filtrato, da aprire in Excel",
    /** @param {number} n */
    owed: (n) => count(n, "pratica da completare", "pratiche da completare"),
    allIn: "Tutte le pratiche sono complete",
    /** @param {number} n @param {number} all */
    received: (n, all) => `${number(n)} ${count(n, "completa", "complete")} su ${number(all)}`,
    numberUnknown: "Numero non ancora noto",
    noMessages: "Nessun messaggio",
    /** @param {number} n */
    unread: (n) => `${n} ${count(n, "messaggio non letto", "messaggi non letti")}`,
    emptyTitle: "Ancora nessuna conversazione",
    empty: "Quando finisce una chiamata, il cliente compare qui con il messaggio che riceve.",
    noneTitle: "Nessuna conversazione trovata",
    /** @param {string} q */
    noneSearch: (q) => `Niente corrisponde a «${q}».`,
    noneFilter: "Nessun cliente è in questo stato.",
    showAll: "Mostra tutte",
    failed: "L’elenco non si carica.",
    retry: "Riprova",
    /** @param {string} name @param {string} text */
    announce: (name, text) => `Nuovo messaggio da ${name}: ${text}`,
  },
  overview: {
    title: "Chi ci deve ancora la bolletta?",
    lead: "Scegli una conversazione a sinistra, oppure parti da qui.",
    help: {
      waiting: "Abbiamo scritto, il cliente non ha ancora risposto.",
      answered: "Il cliente ha risposto, la bolletta manca o è da controllare.",
      bill: "La bolletta è arrivata.",
      error: "Il messaggio non è partito: si legge il motivo e si può riprovare.",
      check: "Non si sa se il messaggio è arrivato: decide una persona.",
    },
  },
  time: { today: "oggi", yesterday: "ieri", now: "adesso" },
};
