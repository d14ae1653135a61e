import { compilePattern } from "./compile-pattern.ts";
import { plainWords } from "./plain-words.ts";

/** The longest message, without what does not count, that is taken for an objection by itself. */
const LONGEST = 40;

const BEFORE =
  "no|ok|ma|va bene|grazie|mi dispiace|scusi|scusa|scusate|ciao|salve|buongiorno|buon giorno|buonasera|buona sera|per favore|per piacere|per cortesia|vi prego|la prego|ti prego|gentilmente|cortesemente";
const AFTER =
  "grazie|grazie mille|mille|per favore|per piacere|per cortesia|vi prego|la prego|ti prego|subito|adesso|ora|buongiorno|buona giornata|buona serata|arrivederci|saluti|cordiali saluti|please";
const WRITE =
  "scriva|scrivi|scrivete|scrivere|contatti|contatta|contattate|contattare|disturbi|disturba|disturbate|disturbare";
const WRITE_ME =
  "scrivetemi|scriveteci|scrivermi|scriverci|contattatemi|contattateci|contattarmi|contattarci|disturbatemi|disturbateci|disturbarmi|disturbarci";
const SEND = "mandi|mandare|mandate|mandatemi|mandateci|invii|inviare|inviate|inviatemi|inviateci";
const MINE = "(?:(?:il )?(?:mio|nostro) )?(?:numero|contatto|nominativo)|(?:i )?(?:miei|nostri) dati";

/** Each says by itself that the program should stop writing. */
const OBJECTIONS = [
  "stop(?: (?:a(?:i|gli) )?(?:messaggi|sms|whatsapp))?|s t o p",
  "(?:ora |adesso )?basta(?: (?:con i |con questi )?messaggi| scriver(?:e|mi|ci)| contattar(?:e|mi|ci)| disturbar(?:e|mi|ci))?",
  "(?:mi |ci )?cancell(?:i|ate)(?: dalla lista)?",
  "cancell(?:ami|aci|atemi|ateci|armi|arci)(?: dalla lista)?",
  `(?:cancell|elimin)(?:a|i|ate|are) (?:${MINE})|(?:togl|rimuov)(?:i|a|ete|iete|ere|iere) (?:${MINE})`,
  "(?:mi |ci )?disiscriv(?:i|a|ete)|disiscriv(?:imi|ici|etemi|eteci|ermi|erci)|disiscrizione|unsubscribe|remove me",
  "(?:mi |ci )rimuov(?:a|ete)(?: dalla lista)?|rimuov(?:imi|ici|etemi|eteci|ermi|erci)(?: dalla lista)?",
  "(?:togli(?:mi|etemi)|mi (?:tolga|togliete)) dalla lista|(?:la )?smett(?:a|ila|etela)(?: di scriver(?:e|mi|ci))?|revoco il consenso",
  "(?:mi )?(?:lasci|lasciate|lasciami|lasciatemi) (?:in pace|stare)",
  `non (?:mi |ci )?(?:dovete )?(?:${WRITE}|${WRITE_ME})(?: mai)?(?: piu)?`,
  `non (?:mi |ci )?(?:${SEND})(?: piu)?(?: altri| piu)? (?:messaggi|niente|nulla)`,
  "non (?:voglio|vogliamo|desidero|desideriamo) (?:piu )?(?:ricevere )?(?:piu )?(?:altri |vostri )?messaggi",
  "non (?:voglio|desidero) (?:piu )?essere (?:piu )?(?:contattat[oa]|disturbat[oa])(?: [oa])?",
  "non (?:(?:sono|siamo) )?(?:piu )?interessat[oaie](?: [oa])?|non (?:mi |ci |m)?interessa(?: piu)?",
].join("|");
const WHOLE = `^(?:(?:${BEFORE}) )*(?:${OBJECTIONS})(?: (?:${OBJECTIONS}|${AFTER}))*$`;
let whole: RegExp | undefined;

/** Whether these are an objection only a person can tell. */
const PERHAPS = [
  /\bstop\b/,
  /\b(?:cancell|disiscriv|rimuov)/,
  /\bnon\b.*\b(?:scriv|contatt|disturb|interessa)/,
  /\bnon (?:voglio|vogliamo|desidero|desideriamo)\b.*\b(?:messagg|ricever|essere)/,
  /\bbasta (?:cosi$|con\b|messagg|scriv|contatt|disturb)/,
  /\b(?:denunci|garante\b|avvocat|privacy\b|spam)/,
];

/**
 * Whether somebody wants no more automatic messages: `objects` if the whole message says so, `staff` if a person has to
 * read it. "Basta una bolletta?" is a question.
 */
export function objectionIn(text: string | null): "objects" | "staff" | null {
  if (text === null) return null;
  const plain = plainWords(text);
  // "Basta?" asks whether what was sent is enough.
  const asks = text.includes("?");
  whole ??= compilePattern(WHOLE);
  if (!asks && plain.length <= LONGEST && whole.test(plain)) return "objects";
  return PERHAPS.some((pattern) => pattern.test(plain)) ? "staff" : null;
}
