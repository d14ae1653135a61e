import { count, numbers } from "../../plural.js";

const number = numbers("it-IT");

export default {
  case: {
    /** @param {number} year */
    title: (year) => `Pratica ${year}`,
    /** @param {number} covered @param {number} of */
    months: (covered, of) => `${number(covered)} di ${number(of)} ${count(of, "mese", "mesi")}`,
    /** @param {number} n */
    files: (n) => `${number(n)} file, POD non noto`,
    states: { none: "nessun file", open: "aperta", complete: "completa", declared: "dichiarata completa" },
    toCheck: "da controllare",
    /** @type {Record<"covered" | "unconfirmed" | "known" | "missing" | "not_due", string>} */
    cells: {
      covered: "coperto",
      unconfirmed: "da confermare",
      known: "dato, non bolletta",
      missing: "manca",
      not_due: "non dovuto",
    },
    /** @param {number} n */
    bills: (n) => `${n} ${count(n, "bolletta", "bollette")}`,
    /** @param {number} year */
    table: (year) => `Mesi del ${year} di ogni POD`,
    total: "Anno",
    noTotal: "Il totale dell’anno non è certo: vedi gli avvisi.",
    empty: "Nessun POD è ancora noto: si leggono dalle bollette, o si aggiungono qui.",
    warningsTitle: "Avvisi",
    /** @type {Record<string, (where: string) => string>} what each code says; `where`: POD, days, name */
    warnings: {
      holder_differs: (where) => `Un altro intestatario${where}`,
      domestic_use: (where) => `Uso domestico${where}`,
      gas_only: () => "Una bolletta del gas",
      other_year: (where) => `Di un altro anno${where}`,
      pod_shared: (where) => `Il POD è anche di un altro cliente${where}`,
      overlap: (where) => `Due bollette per gli stessi giorni${where}`,
      gap: (where) => `Giorni senza consumo certo${where}`,
      crosses_year: (where) => `A cavallo dell’anno${where}`,
    },
    /** @param {string} by */
    declared: (by) => `Dichiarata completa da ${by}`,
    others: "La pratica è completa. Il cliente ha altre forniture?",
    othersNo: "No, sono tutte",
    addPod: "Aggiungi un POD",
    podTitle: "Aggiungi un POD",
    pod: "POD",
    /** @param {string} pod */
    ofPod: (pod) => `Il POD ${pod}`,
    change: "Modifica",
    supply: "Date della fornitura",
    supplyHelp: "Solo se la fornitura è iniziata o finita durante l’anno.",
    from: "Dal",
    to: "Al",
    merge: "Letto male: è il POD…",
    mergeHelp: "Le sue bollette passano all’altro POD.",
    into: "È il POD",
    remove: "Togli dalla pratica",
    /** @param {string} pod */
    removeAsk: (pod) => `Togliere il POD ${pod} dalla pratica? Le sue bollette non contano più.`,
    removeYes: "Togli",
    year: "Anno",
    yearTitle: "Anno della pratica",
    monthsOf: "Mesi di un file",
    monthsTitle: "Di quali mesi è questo file?",
    monthsHelp: "Per un file che non si riesce a leggere: lo conferma per questi mesi e basta.",
    file: "File",
    fromMonth: "Dal mese",
    toMonth: "Al mese",
    noFiles: "Non ci sono file da assegnare.",
    declare: "Dichiara completa",
    declareHelp: "Con il motivo, che resta scritto.",
    reason: "Motivo",
    reopen: "Riapri",
    write: "Scrivi che cosa manca",
    dossier: "Scarica il fascicolo",
    /** @param {number} done @param {number} all */
    packing: (done, all) => `${done} di ${all} file…`,
    cancel: "Annulla",
    save: "Salva",
    wrong: "Controlla quello che hai scritto.",
    packed: "Il fascicolo è scaricato.",
    notPacked: "Il fascicolo non è riuscito.",
    noBills: "Non ci sono bollette da scaricare.",
    done: "Fatto.",
    summary: {
      title: "Riepilogo delle bollette",
      customer: "Cliente",
      made: "Fatto il",
      confirmed: "Confermata da",
      nobody: "non confermata",
      file: "File",
      supplier: "Fornitore",
      holder: "Intestatario",
      kwh: "kWh",
    },
    filters: {
      all: "tutte",
      open: "aperte",
      missing: "aperte, manca meno prima",
      to_check: "da controllare",
      complete: "complete",
      declared: "dichiarate complete",
      none: "senza file",
    },
    filtersLabel: "Pratica",
  },
};
