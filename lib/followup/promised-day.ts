import { compilePattern } from "../compile-pattern.ts";
import { type Day, dayInRome, endOfMonth, inDays, nextDayOfMonth, nextWeekday } from "./days.ts";

const MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(
  " ",
);
const MONTH = MONTHS.join("|");
/** From Monday. In Sicily Tuesday is marti, and Saturday sabbatu. */
const WEEKDAYS = [
  "lunedi|lunidi|luni|lune?di",
  "martedi|martidi|marti",
  "mercoledi|mercoldi|mercuri|mercole",
  "giovedi|giovidi|joviri|gioved",
  "venerdi|venardi|venniri|vennari",
  "sabb?at[ou]",
  "domenica|duminica|dumenica",
];
const NUMBERS =
  "un uno una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti ventuno ventidue ventitre ventiquattro venticinque ventisei ventisette ventotto ventinove trenta trentuno";
const WORDS = new Map(NUMBERS.split(" ").map((word, at) => [word, Math.max(1, at - 1)]));
const NUMBER = `\\d{1,2}|primo|${[...WORDS.keys()].join("|")}`;
const toNumber = (word: string | undefined): number =>
  word === undefined ? Number.NaN : word === "primo" ? 1 : (WORDS.get(word) ?? Number(word));
const monthOf = (word: string | undefined) => (word ? MONTHS.indexOf(word) + 1 || Number(word) : undefined);

const AT_LEAST = "(?:(?:entro|per|verso|prima di|al massimo|massimo) )?";
const NEXT_WEEK =
  "(?:settimana prossima|prossima settimana|settimana (?:ch|k)e (?:viene|entra)|laltra settimana|sett prossima|prox sett[a-z]*)";

/** A way to name a day, and the last day that it means. `groups` are those of the pattern. */
type Rule = [named: string, day: (today: Day, groups: (string | undefined)[]) => Day | null];

/** The longer way before the shorter one that stands in it: what is read is taken out. */
const RULES: Rule[] = [
  ["(?:dopo ?(?:domani|dumani|dmn)|dopodomani|posdomani|pusdoman)", (today) => inDays(today, 2)],
  [
    `(?:${WEEKDAYS.join("|")}) (?:(dopo) )?(${NUMBER})(?: (?:di )?(${MONTH}))?`,
    (today, [after, day, month]) => onDay(today, day, month, after),
  ],
  [
    `(?:(dopo) il |entro il |per il |verso il |il |l)(${NUMBER})(?: (?:di )?(${MONTH}|1[0-2]|0?[1-9]))?(?: (?:del|di questo|questo) mese)?`,
    (today, [after, day, month]) => onDay(today, day, month, after),
  ],
  [
    `(?:(dopo) (?:il )?)?(${NUMBER}) (?:di )?(${MONTH})`,
    (today, [after, day, month]) => onDay(today, day, month, after),
  ],
  [
    `(?:primi(?: giorni)?|inizi[o]?) (?:di |del |d)?(${MONTH})`,
    (today, [month]) => nextDayOfMonth(today, 5, monthOf(month)),
  ],
  [
    "(?:primi(?: giorni)?|inizio) (?:del |di )?(?:prossimo )?mese(?: prossimo)?",
    (today) => nextDayOfMonth(inDays(endOfMonth(today), 1), 5),
  ],
  [`meta (?:di )?(${MONTH})`, (today, [month]) => nextDayOfMonth(today, 15, monthOf(month))],
  ["meta (?:del |di )?mese", (today) => nextDayOfMonth(today, 15)],
  [
    `(?:fine|entro(?: fine)?) (?:di )?(${MONTH})`,
    (today, [month]) => endOfMonth(nextDayOfMonth(today, 28, monthOf(month)) ?? today),
  ],
  ["(?:fine )?(?:mese prossimo|prossimo mese|mese che viene)", (today) => endOfMonth(inDays(endOfMonth(today), 1))],
  ["(?:fine(?: del| di| questo)?|questo|sto) mese", (today) => endOfMonth(today)],
  ["(?:fine (?:dell ?)?anno)", (today) => nextDayOfMonth(today, 31, 12)],
  [
    "(?:dopo le feste|passate le feste|finite le feste|dopo (?:la befana|lepifania|capodanno)|anno nuovo|con lanno nuovo)",
    (today) => nextDayOfMonth(today, 7, 1),
  ],
  ["dopo natale", (today) => nextDayOfMonth(today, 27, 12)],
  ["(?:prima di natale|entro natale|prima delle feste)", (today) => nextDayOfMonth(today, 24, 12)],
  ["dopo ferragosto", (today) => nextDayOfMonth(today, 16, 8)],
  [`(?:inizio|ai primi della|primi giorni della) (?:della )?${NEXT_WEEK}`, (today) => inDays(nextWeekday(today, 7), 2)],
  ...WEEKDAYS.map(
    (names, at): Rule => [
      `(?:${names}) (?:della |di )?${NEXT_WEEK}`,
      (today) => inDays(nextWeekday(inDays(today, -1), 7), at + 1),
    ],
  ),
  ["inizio settimana", (today) => nextWeekday(today, 2)],
  [`(?:fine (?:della )?)?${NEXT_WEEK}`, (today) => inDays(nextWeekday(inDays(today, -1), 7), 7)],
  [
    "(?:(?:fine|fin)(?: (?:della|di|de|sta|questa))? settimana|week ?end|in settimana|questa settimana|sta settimana|entro la settimana|nella settimana)",
    (today) => nextWeekday(today, 7),
  ],
  [
    `(?:tra|fra|in|entro|nel giro di|datemi|dammi|mi dia|mi servono|ci vogliono) (?:circa )?(?:(?:${NUMBER})(?: o)? )?(${NUMBER}|(?:un )?paio di|qualche|alcuni|(?:una )?decina di|(?:una )?quindicina di)(?: o (${NUMBER}))? (giorn[oiau]|gg|settiman[ae]|mes[ei])`,
    (today, [first, second, unit]) => inDays(today, countOf(second ?? first) * daysOf(unit)),
  ],
  [
    "(?:tra|fra) (?:[a-z0-9]+ )?(?:[a-z0-9]+ )?(?:ora|oretta|ore|orette|minut[oi]|mezzora|mezzoretta|unora|unoretta|poco|attimo|momento)",
    (today) => today,
  ],
  [
    "(?:domani+|domanni|domattina|dmn|dmani|doman|doma|domane|dumani|dumane|dimane|dimani|duman|duma|diman|crai|cras|domnai|domai|domn|domno|domami|donani|domaini|domnani|doamni)(?: (?:mattina|matina|sera|pomeriggio|in giornata))?",
    (today) => inDays(today, 1),
  ],
  ...WEEKDAYS.map(
    (names, at): Rule => [
      `(?:${names})(?: prossim[oa])?(?: (?:mattina|sera|pomeriggio))?`,
      (today) => nextWeekday(today, at + 1),
    ],
  ),
  [`(?:alle|verso le|per le|entro le|dopo le) (?:ore )?(?:${NUMBER})(?: (?:[0-5][0-9]|e mezza))?`, (today) => today],
  [
    "(?:sta ?sera|stassera|stasira|stasrea|questa sera|in serata|sta ?mattina|sta ?matina|stamani|stamane|questa mattina|in mattinata|oggi(?: (?:pomeriggio|stesso))?|in giornata|stanotte|(?:nel |questo )?pomeriggio|(?:dopo |a |prima di )(?:pranzo|cena|sera)|piu tardi|subito|dopo(?= (?:l[aei]|ve|te|ti|vi|gliel[aei]) )|(?:ora|adesso|mo)(?= (?:l[aei]|ve|te|ti|vi|gliel[aei]) ))",
    (today) => today,
  ],
];
/** "appena arriva", "prima possibile": nobody knows when. */
const SOON =
  "appena|quando|aspett[a-z]+|in attesa|(?:prima|presto) possibile|al piu presto|quanto prima|a giorni|(?:prossimi|questi) giorni|a breve";
const SOON_DAYS = 7;

const NOT_THEN =
  /^(?: (?:pero|purtroppo|mattina|sera|pomeriggio|io|proprio|ancora|,))* (?:(?:non|nun|no) (?:posso|riesco|ci|ce|sono|mi|e|va|possiamo|riusciamo|saro|le|la|ho)|(?:sono|siamo|saro|sto) (?:[a-z]+ )?(?:fuori|via|impegnat[oia]|chius[oi]|ferie|viaggio|medico|ospedale))(?: |$)|^ (?:scors|passat)[oa](?: |$)/;
const NO_PROMISE = /(?:fino a|fino al|buon|buona|non prima di|del|della) $/;

/** Which words leave nothing but the day: "ok, domani o al massimo giovedì". */
const BESIDE =
  /^(?:ok|okay|oki|si|no|va|bene|vabene|vabbe|certo|certamente|perfetto|grazie|ciao|salve|buongiorno|buonasera|daccordo|allora|dai|magari|forse|sicuramente|sicuro|senzaltro|credo|penso|direi|spero|entro|per|verso|massimo|x|al|il|lo|la|li|le|altr[aei]|resto|di|o|oppure|e|in|nel|nella|ai|a|senza|problemi|forza|tranquill[aoi]|meno|dottoressa|dottore|promesso|pronte|fatto|mattina|matina|sera|pomeriggio|tardi|presto|circa|poi|solo|scusi|scusa|scusate|signora|samuela|promesso|prometto|giuro|tutto|tutte)$/;

/** Whether a sentence, or a part between commas, does nothing but name a day: "lunedì", "ok domani sera". */
export function isAnswerToWhen(words: string): boolean {
  return words.split(" , ").some((part) => {
    // "A domani" is a farewell; why it is that day says nothing more.
    const plain = part.replace(/ (?:perche|xche|xke|che ora|quando|se) .*/, "");
    if (/^(?:ciao )?a (?!fine|inizio|meta)/.test(plain)) return false;
    const { days, rest } = take(plain, { year: 2000, month: 1, day: 1 });
    return days.length > 0 && rest.split(" ").every((word) => word === "" || BESIDE.test(word));
  });
}

/** The last day that these words name, counted from when they were written; null if they name none. */
export function promisedDay(words: string, written: string): string | null {
  const today = dayInRome(written);
  const { days } = take(words, today);
  const texts = days.map(toText).sort();
  const soon = new RegExp(`(?:^| )(?:${SOON})(?= |$)`).test(words);
  return texts.at(-1) ?? (soon ? toText(inDays(today, SOON_DAYS)) : null);
}

let compiled: [RegExp, Rule[1]][] | undefined;

function take(words: string, today: Day): { days: Day[]; rest: string } {
  compiled ??= RULES.map(([named, day]) => [compilePattern(`(?<=^| )${AT_LEAST}(?:${named})(?= |$)`, "g"), day]);
  const days: Day[] = [];
  let rest = words;
  for (const [pattern, day] of compiled) {
    const before = rest;
    rest = before.replace(pattern, (...found: unknown[]) => {
      const text = String(found[0]);
      const at = found.findIndex((value) => typeof value === "number");
      const offset = Number(found[at]);
      const said = !NOT_THEN.test(before.slice(offset + text.length)) && !NO_PROMISE.test(before.slice(0, offset));
      const named = said
        ? day(
            today,
            found.slice(1, at).map((group) => (typeof group === "string" ? group : undefined)),
          )
        : null;
      if (named === null) return "#";
      days.push(named);
      return "";
    });
  }
  return { days, rest };
}

function onDay(today: Day, day: string | undefined, month: string | undefined, after: string | undefined): Day | null {
  const found = nextDayOfMonth(today, toNumber(day), monthOf(month));
  return found && after ? inDays(found, 1) : found;
}

function countOf(word: string | undefined): number {
  if (word === undefined) return 0;
  if (word.includes("paio")) return 2;
  if (word.includes("decina")) return 10;
  if (word.includes("quindicina")) return 15;
  return word === "qualche" || word === "alcuni" ? 3 : toNumber(word);
}

const daysOf = (unit: string | undefined) => (unit?.startsWith("s") ? 7 : unit?.startsWith("m") ? 30 : 1);

const toText = ({ year, month, day }: Day) =>
  `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
