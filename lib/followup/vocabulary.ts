// What the patterns of labels.ts are made of: plain words (lib/plain-words.ts), whole ones.

export const NOT = "(?:non|nun|nu|num|no|un)";
/** A few words in between. By letters: to count words takes five times as long to compile. */
export const SOME = "(?:[a-z0-9 ]{0,22} )?";
export const MORE = "(?:[a-z0-9 ]{0,44} )?";
export const BILL = "(?:boll?ett?[aei]|bullett[aei]|fattur[ae])";
export const MAIL = "(?:e ?mail|mail|meil|posta elettronica|casella(?: di posta)?|pec|gmail|outlook)";
export const SENT = "(?:mandat|inviat|spedit|inoltrat|girat|trasmess|mannat)[aeoiu]";
export const ITSELF = "(?:(?:te|ve|gliel|glie) ?)?(?:l[aeoi] )?";
export const SEND =
  "(?:(?:ri)?mand[oeu]|mann[ou]|mandiamo|mander(?:o|emo|a|anno)|invi(?:o|amo|ero|eremo|era)|(?<!in )gir(?:o|iamo|ero|eremo)|inoltr(?:o|iamo|ero)|spedi(?:sco|amo|ro)|port(?:o|iamo|ero)|passo|allego|condivido|trasmetto|consegn(?:o|ero)|fotografo|carico|scannerizzo|scansiono|scarico|stampo|prepar(?:o|iamo|ero)|recuper(?:o|iamo|ero)|procuro|cerc(?:o|hiamo|hero))";
export const TO_SEND =
  "(?:mandar|inviar|girar|inoltrar|spedir|portar|recuperar|trovar|cercar|prender|scaricar|far|fotografar)[a-z]*";
export const HELLO =
  "(?:(?:buongiorno|buon giorno|buonasera|buona sera|salve|ciao|ma|e|si|ok|no|allora|scus[iae]|mi scusi|scusate|senta|guardi|grazie|prego|signora|dottoressa|samuela|,) )*";
export const SHIP = "(?:azienda|lazienda|unazienda|ditta|attivita|lattivita|terren[oi]|impresa|limpresa)";
