// @ts-check
/** @param {number} n @param {string} one @param {string} many */
const count = (n, one, many) => (n === 1 ? one : many);
const grouped = new Intl.NumberFormat("it-IT", { useGrouping: "always" });
/** @param {number} value */
const number = (value) => grouped.format(value);

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
    tooMany: "Troppi tentativi. Aspetta un minuto e riprova.",
    unavailable: "Il sistema non risponde. Riprova tra poco; se continua, avvisa chi lo gestisce.",
    empty: "Scrivi l’e-mail e la password.",
    help: "Non riesci ad accedere? Chiedi a chi gestisce il sistema di abilitare il tuo account.",
  },
  menu: { open: "Menu", signOut: "Esci", signedInAs: "Accesso come" },
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
  session: {
    need_scan: "Aprire Wasender e scansionare il codice QR con il telefono.",
    disconnected: "Aprire Wasender, premere «Connect» e, se lo chiede, scansionare il codice QR.",
    logged_out: "Il telefono si è scollegato: aprire Wasender e scansionare il codice QR.",
    expired: "Il collegamento è scaduto: aprire Wasender e scansionare il codice QR.",
    connecting: "Di solito basta un minuto.",
    need_passkey: "Wasender chiede una conferma sul telefono: aprire Wasender e seguire le istruzioni.",
    other: "Aprire Wasender e controllare il collegamento.",
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
  states: {
    none: "nessuna richiesta",
    waiting: "in attesa",
    answered: "ha risposto",
    bill: "bolletta ricevuta",
    error: "errore",
    check: "da verificare",
  },
  filters: {
    label: "Filtra per stato",
    all: "Tutte",
    waiting: "In attesa",
    answered: "Ha risposto",
    bill: "Bolletta",
    error: "Errore",
    check: "Da verificare",
  },
  list: {
    title: "Conversazioni",
    search: "Cerca nome, numero o testo",
    clearSearch: "Cancella la ricerca",
    export: "Esporta CSV",
    exportHelp: "Scarica l’elenco filtrato, da aprire in Excel",
    /** @param {number} n */
    owed: (n) => count(n, "bolletta da ricevere", "bollette da ricevere"),
    allIn: "Tutte le bollette sono arrivate",
    /** @param {number} n @param {number} all */
    received: (n, all) => `${number(n)} ${count(n, "ricevuta", "ricevute")} su ${number(all)}`,
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
  media: {
    /** @param {number} n */
    pages: (n) => `${n} ${count(n, "pagina", "pagine")}`,
    pending: "in arrivo…",
    failed: "file non scaricato",
    deleted: "file cancellato alla scadenza",
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
    reasons: {
      no_phone_number: "Nessun messaggio: il numero è nascosto o manca.",
      payload_says_no: "Nessun messaggio: CloudTalk ha indicato di non inviarlo.",
      nobody_talked: "Nessun messaggio: la conversazione non c’è stata.",
      asked_recently: "Nessun messaggio: il cliente l’ha ricevuto da poco.",
      bill_already_received: "Nessun messaggio: la bolletta è già arrivata.",
      too_old: "Nessun messaggio: la chiamata è stata saputa troppo tardi.",
      legacy: "Chiamata registrata dal sistema precedente.",
    },
    noMessage: "Nessun messaggio.",
  },
  actions: {
    retry: "ha riprovato l’invio",
    resend: "ha inviato di nuovo il messaggio",
    give_up: "ha lasciato perdere il messaggio",
    cancel: "ha annullato l’invio",
    pause: "ha sospeso gli invii",
    resume: "ha ripreso gli invii",
    bill_set: "ha segnato la bolletta come ricevuta",
    bill_unset: "ha tolto il segno «bolletta ricevuta»",
    /** @param {string} who @param {string} what @param {string} time */
    line: (who, what, time) => `${who} ${what} alle ${time}`,
  },
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
  time: { today: "oggi", yesterday: "ieri", now: "adesso" },
  reasons: {
    notOnWhatsapp: "questo numero non è su WhatsApp.",
    session: "WhatsApp non era collegato.",
    daily: "i messaggi permessi per oggi sono finiti.",
    rate: "Wasender chiede di aspettare il proprio turno.",
    subscription: "l’abbonamento a Wasender non è attivo.",
    key: "Wasender non accetta la chiave.",
    noAnswer: "Wasender non ha risposto in tempo.",
    unreachable: "Wasender non era raggiungibile.",
    stopped: "l’invio si è interrotto a metà.",
    wasenderFault: "Wasender ha avuto un guasto.",
    refused: "Wasender ha rifiutato il messaggio.",
    unsaid: "WhatsApp non ha detto perché.",
    duplicateCall: "la chiamata era doppia.",
    fileGone: "su WhatsApp non c’è più.",
    fileTooLarge: "è troppo grande.",
    fileNotDelivered: "WhatsApp non lo ha consegnato.",
    fileNotKept: "il sistema non è riuscito a conservarlo.",
    fileBroken: "è rovinato, o non è quello che dice di essere.",
  },
  /** @param {string} error */
  reasonQuoted: (error) => `Wasender dice: «${error}»`,
};
