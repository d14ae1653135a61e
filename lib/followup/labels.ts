import type { Label } from "../answer-label.ts";
import { BILL, HELLO, ITSELF, MAIL, MORE, NOT, SEND, SENT, SHIP, SOME, TO_SEND } from "./vocabulary.ts";

/** Plain words (lib/plain-words.ts), commas standing alone; `unless`: words that take it back; `said`: not if the sentence asks. */
export type Way = string | [means: string, but: { unless?: string; said?: boolean }];

/** What an answer means, and the ways to say it. */
export const PATTERNS: Record<Exclude<Label, "other">, Way[]> = {
  wrong_number: [
    "(?:abbia|abbiate|avra|avranno) sbagliat[oi]|sbaglio di (?:numero|persona)|(?:numero|telefono|cellulare) (?:e )?(?:un )?(?:privato|(?:di )?un ?altr[oa] (?:persona|signor[ea]))",
    "(?:nume?mero|numero|persona|contatto|nominativo) (?:e )?(?:sbagliat|sbaiat|errat)[oa]",
    "(?:ha|hai|avete|ai|avet[ei]|a) (?:sbagliat|sbaiat)[oi]|sbagli[ao](?:te)? (?:numero|persona)|^sbagliato$",
    [
      `${NOT} (?:sono|so) (?:io|lui|lei|quell[aoi]|il (?:signor|sig|dottor|titolare)|la (?:signora|persona|titolare))`,
      { unless: "io (?:che|a|quello che)" },
    ],
    `${NOT} (?:sono|faccio) (?:un |l|il )?(?:agricoltor[ei]|coltivator[ei]|contadin[oi]|allevator[ei])|${NOT} centro (?:niente|nulla)`,
    `${NOT} e (?:piu )?(?:mi[ao]|nostr[ao]|su[ao]) (?:l|la |questa |quell[ao] |questo )?(?:${SHIP}|azienda|numero)`,
    `${NOT} (?:ho|possiedo|abbiamo|tengo) (?:mai |piu )?(?:avuto )?(?:nessun[a]? |alcuna |una |un |la )*${SHIP}`,
    `${NOT} (?:vi|la|ti|so chi e|conosco) (?:conosc[oi][a-z]*|nessun[oa]?|quest[oa]|quell[oa])`,
    `${NOT} (?:ce|abita|lavora|vive|risponde|esiste) (?:qui |qua |piu )*nessun[oa]?|qu[ia] ${NOT} (?:ce|abita|lavora|vive)`,
    `${NOT} e (?:piu )?(?:il numero|lui|lei) (?:d[ei]l?|giusto|suo|che)|cerc[a-z]+ (?:un )?altr[oa] (?:persona|numero)`,
    `${NOT} (?:(?:ci )?lavor[oa]|usa) piu|${NOT} (?:ho|abbiamo) mai (?:parlato|sentito|chiesto|telefonato|chiamato)`,
  ],
  refusal: [
    `${NOT} (?:ho|abbiamo|avrei) (?:nessuna |alcuna )?(?:intenzione|voglia|interesse)|${NOT} (?:vi |la |ti )?autorizz[a-z]+|${NOT} (?:fa|e) (?:il caso|per (?:me|noi))`,
    "(?:ho|abbiamo) (?:gia )?(?:chi (?:ci|mi) (?:segue|pensa)|un altro (?:tecnico|installatore))|(?:per (?:ora|adesso|il momento)|al momento) no$",
    `${NOT} (?:procedo|procediamo|andiamo avanti|vado avanti)|${NOT} (?:facciamo|faccio) (?:niente|nulla|piu)`,
    [
      `${NOT} (?:mi|ci|me|ce|m) ?(?:i?nteress?[a-z]+|serve|servono|conviene|fido)|${NOT} (?:minteressa|conviene)`,
      { said: true },
    ],
    `${NOT} (?:piu )?(?:sono|siamo|so) (?:piu )?interessat[aoei]`,
    [
      "^(?:no|no no|no (?:mi )?dispiace(?: ,.*)?|assolutamente no|per carita)$|no grazie|grazie (?:, )?(?:ma )?no",
      { unless: "no grazie a (?:lei|te|voi)" },
    ],
    "(?:ho|abbiamo) cambiato idea|(?:ho|abbiamo|o) ripensato|lasci(?:a|o|amo|ate)? (?:perdere|stare)|preferi(?:sco|amo) (?:di )?non?|deciso di non?|rinunci(?:o|amo)|se ne fa (?:piu )?(?:niente|nulla)",
    [
      `(?:ho|abbiamo|o) (?:gia|ormai) ${SOME}(?:(?:con|da|a) (?:un ?)?altr[aoie]|fotovoltaico|pannelli|impianto|limpianto)|(?:ho|abbiamo) (?:limpianto|i pannelli|il fotovoltaico) (?:da|gia)`,
      { said: true },
    ],
    `${NOT} ${SOME}(?:mando|mandiamo|invio|do|diamo|fornisco|giro) ${SOME}(?:niente|nulla|nessun[ao]?|dati|documenti)`,
    `${NOT} ${ITSELF}(?:mando|mandiamo|invio|do|diamo|giro)$`,
    [
      `${NOT} (?:voglio|vogliamo|vuole|vogliono|intendo|intendiamo)`,
      { unless: "(?:disturb|perder|sbagli|dimentic|ritard|scocci|essere scortese|creare)[a-z]*", said: true },
    ],
    [
      "(?:(?:e|siete|sembra|sa di|solo|una|sara) (?:una |un |dei |delle )?(?:truff|imbrogl|fregatur)[a-z]+|^(?:truffator|imbroglion)[ei])",
      { said: true },
    ],
    `vi denuncio|${NOT} (?:partecip|aderi)[a-z]+|${NOT} insist[a-z]+|vaffa[a-z]*|${NOT} rompe[a-z]+`,
    `(?:ho|abbiamo|o) (?:gia )?(?:chiuso|venduto|ceduto|cessato) (?:tutto|(?:l|la )?${SHIP})`,
  ],
  no_bills: [
    `nessuna ${BILL}|${NOT} (?:ho|abbiamo) mai ricevuto ${BILL}|(?:compres|inclus)[aoe] nell ?affitto`,
    "(?:utenza|lutenza|contatore|fornitura|linea|luce) (?:me )?(?:e stat[ao]|lhanno|e) (?:appena )?(?:attivat|allacciat|mess)[ao]|(?:azienda|lazienda|attivita|lattivita|ditta) (?:e )?appena (?:nata|aperta|costituita)",
    `${NOT} (?:ne |ce )?(?:lho|l ho|le ho|la ho|li ho|ne ho|le abbiamo|ne abbiamo|ne tengo|le tengo)(?: (?:piu|purtroppo))?(?:$| ,| perche| e )`,
    `${NOT} (?:ne |ce )?(?:lho|l ho|le ho|la ho|ne ho|le abbiamo) (?:mai |ancora )?(?:piu|ricevut[ae]|avut[ae])`,
    [
      `${NOT} (?:ho|abbiamo|tengo|teniamo|ci sono|o) (?:piu |ancora |mai |avuto |ricevuto )*(?:nessuna |alcuna |la |le )?${BILL}`,
      {
        unless: `${BILL} (?:qui|qua|con me|dietro|sotto|a portata|ora|adesso|al momento|sottomano|del gas|gas|dell? ?acqua)`,
      },
    ],
    [
      `${NOT} (?:ho|abbiamo) (?:piu |ancora |mai )*ricevuto (?:niente|nulla|nessuna)|mai (?:ricevut[ae]|arrivat[ae])`,
      { unless: `${MORE}(?:${MAIL}|messaggi?o?|chiamat[ae]|risposta)` },
    ],
    "(?:ho|abbiamo|o|avro|sono (?:state|andate)|lho|andate|andata) (?:gia |tutte |purtroppo )*(?:pers[ae]|perdut[ae]|smarrit[aeo]|buttat[aeo]|gettat[aeo]|bruciat[aeo]|cestinat[aeo]|stracciat[aeo])",
    [
      `(?:ho|abbiamo) perso (?:tutto|tutte|la |le )?${BILL}?`,
      { unless: "perso (?:il|tempo|un|mi[ao]|la (?:pazienza|password|mail)).*" },
    ],
    [
      `${NOT} (?:l[aei]|ne) tr[ou]v[a-z]+|${NOT} tr[ou]v[a-z]+ (?:piu |nessuna |la |le )*(?:${BILL}|niente|nenti|nulla)|${NOT} l[ae] (?:conserv|teng)[a-z]+|${NOT} (?:ho|abbiamo) (?:niente|nulla)$|niente ${BILL}|${NOT} riesco a trovar[a-z]+`,
      { unless: "trov[a-z]+ ancora" },
    ],
    [
      `${NOT} (?:mi |ci |e |sono |me |ne )*(?:ancora |mai |piu )*(?:arriv[a-z]+)|${NOT} l[ae] ric(?:evo|eviamo)`,
      { unless: `${MORE}(?:appena|quando|aspett[a-z]+|${MAIL}|messaggi?o?|chiamat[ae]|link|risposta)(?: .*)?` },
    ],
    "(?:contatore|lutenza|utenza|fornitura|allaccio|contratto|attivazione) (?:della luce )?(?:e |sono )?(?:molto |appena |tutt[ao] )?(?:nuov[oa]|attivat[oa]|recente|fatt[oa] da poco)",
    `(?:nuov[oa]|appena) ${SOME}(?:contatore|utenza|fornitura|allaccio|allacciat[oia]|attivat[oa]|subentr(?:o|at[oia])|voltura)|fatto (?:la |il )?(?:voltura|subentro)`,
    `${NOT} (?:ho|abbiamo|ce|tengo) (?:ancora |piu |mai )*(?:avuto )?(?:la |il |l|nessun )?(?:luce|corrente|contatore|elettricita|utenz[ae]|energia)`,
  ],
  by_email: [
    `${MAIL} (?:e )?(?:gia )?(?:partit|arrivat|inviat|mandat)a|(?:controll|guard)[a-z]+ (?:la |nella |le )?(?:vostra |sua |tua )?(?:${MAIL}|posta)`,
    `${SENT} ${MORE}${MAIL}|${MAIL} ${MORE}(?:${SENT}|fatta)`,
    [
      `(?:${SEND}|scrivo|faccio|fara|fa avere|manda|invia|inoltra|inviera) ${MORE}(?:via|per|x|tramite|con|alla|sulla|una|la|in|nella) (?:vostra |sua |tua |una )?${MAIL}`,
      { said: true },
    ],
    [
      `(?:via|per|tramite|con|x) (?:la )?${MAIL} ${SOME}(?:${SEND}|${TO_SEND})|${TO_SEND} (?:via|per|tramite|con) (?:la )?${MAIL}`,
      { said: true },
    ],
    `(?:scritto|fatto|scrivo) (?:a )?(?:una |la |l|alla )?${MAIL}|(?:avete|ha|hai) (?:ricevut[oa]|visto|letto) ${SOME}${MAIL}|trov(?:a|ate|i) (?:tutto )?(?:in|nella|sulla) (?:vostra |sua |tua )?${MAIL}`,
    [`^${HELLO}(?:gia )?(?:tutto |fatto )?(?:via|per|tramite) ${MAIL}`, { said: true }],
    `gia ${SOME}${SENT}|${SENT} gia|gia (?:fatto|provveduto|consegnat[aeoi]|dat[ae])$`,
    `${SENT} (?:, )?${SOME}(?:ieri|laltr[oa] (?:ieri|giorno|settimana)|settimana scorsa|scorsa settimana|(?:giorni|giorno|settimane|mesi) fa|mese scorso)`,
    `(?:ieri|laltr[oa] (?:ieri|giorno|settimana)|settimana scorsa|scorsa settimana|fa|scorso) ${MORE}${SENT}`,
    `${SENT} (?:tutto )?(?:(?:il|la|al|alla|dal) )?(?:mi[oa] |vostr[oa] |su[oa] )?(?:commercialista|collega|signora|ragazza|samuela|tecnico|geometra|caf|segretaria|agronomo)`,
  ],
  promise: [
    [SEND, { unless: `${NOT} ${ITSELF}${SEND}|(?:in|un) giro`, said: true }],
    [
      `(?:faccio|faro|facciamo|faremo|fara|fa|fanno) ${SOME}?(?:avere|dare|mandare|inviare|girare|spedire|inoltrare|arrivare|preparare|recuperare|stampare|trovare)`,
      { said: true },
    ],
    [
      "(?:faccio|faro|facciamo|metto a|mi metto a) (?:la |una |le |delle |due |subito )?(?:fot[oi]|cercar[a-z]*|scansion[ei])",
      { said: true },
    ],
    [
      "(?:te l[aeoi]|ve l[aeoi]|gliel[aeoi]|vi|ti) (?:manda|invia|gira|inoltra|spedisce|porta|manna)(?:no)?",
      { said: true },
    ],
    [
      `(?:posso|possiamo|devo|dobbiamo|vedo di|cerco di|cerchero di|provo a|proviamo a|riesco a|dovrei|potrei|conto di|penso di|spero di|vado a) ${SOME}?${TO_SEND}`,
      { unless: `${NOT} (?:le |la |ci )?(?:posso|riesco|possiamo|devo).*`, said: true },
    ],
    [
      "provved(?:o|ero|iamo|eremo)|ci (?:penso|pensiamo|pensero) (?:io|noi)?|ci penso|mi (?:organizzo|attivo)|sara fatto|non manchero|sto (?:cercando|raccogliendo|recuperando|preparando|scaricando)|faccio (?:io|subito|tutto)|l[oea] far(?:o|emo)|(?:avra|avrai|avrete|arriva|arrivano) (?:tutto|tutte)|l[ea] avr(?:a|ai|ete)",
      { said: true },
    ],
    [
      "(?:l[aeoi] |glielo |lo )?(?:chiedo|chiediamo|chiedero) (?:al|alla|a|ai|subito)|sento (?:il|la) (?:commercialista|consulente|ragioniere|geometra|caf|mio|mia)|guardo|controllo|vedo (?:se|cosa) (?:trovo|l[ae] trovo|riesco)",
      { said: true },
    ],
    "(?<!ho |sono |e |abbiamo |siamo |hanno )appena (?:[a-z]+ ){0,2}(?:arriv[a-z]+|poss[a-z]+|riesc[a-z]+|ricev[a-z]+|torn[a-z]+|rientr[a-z]+|trov[a-z]+|ho|avro|abbiamo|sono|possibile|pront[aeoi]|recuper[a-z]+|scaric[a-z]+|finisc[a-z]+|vado|lho|disponibil[ei])",
    [
      "quando (?:mi |ci |l[aei] |me l[aei] )?(?:arriv[a-z]+|torno|rientro|posso|riesco|trovo|ricevo|vado)",
      { said: true },
    ],
    [`(?:aspett|attend|in attesa)[a-z]* ${SOME}(?:arriv[a-z]+|ricev[a-z]+|${BILL})`, { said: true }],
  ],
  question: [
    `^${HELLO}(?:basta|bastano|serve|servono|occorre|occorrono) .*|(?:come|cosa|dove) si (?:fa|puo|deve|trova|trovano|manda)|di dove (?:siete|sei|e)|con chi (?:parlo|ho parlato)|(?:vorrei|posso) parlare con`,
    "\\?$|.* \\?",
    [
      `^${HELLO}(?:chi|che|ke|cosa|cose|qual[ei]?|quant[oaie]|quali|dove|perche|xche|xke|come|kome|(?:a|di|in|da|per|con) (?:cosa|chi|che|qual[ei]|quanto)) .*`,
      {
        unless:
          "(?:come|quanto) (?:da|richiest[oa]|promesso|dett[oa]|concordato|sempre|daccordo|prima|accord[io])|che (?:bello|bravi|gentil[ei])|(?:.* )?(?:guardi|senta) che|.* quanto prima",
      },
    ],
    "(?:non|nun) (?:ho|abbiamo|o) (?:ben |ancora )?capito|non (?:capisco|mi e chiaro)|in che senso",
    "(?:mi|ci) (?:puo|puoi|potete|potrebbe|potreste|sa|sapete) (?:dire|spiegare|chiarire|aiutare|confermare)|mi spiega|mi spieghi|spiegatemi|(?:mi|ci) (?:dica|dite|dice|dici|faccia sapere|fate sapere) (?:cosa|come|qual[ei]|quant[ei]|dove|se|chi|quando|per)",
    "(?:volev|vorre|desider)[a-z]+ (?:sapere|capire|chieder[a-z]+|(?:delle |un |una )?(?:altre )?(?:informazion[ei]|uninformazione|info|chiariment[oi]))",
    "(?:avrei|ho|avremmo|avevo) (?:una |un |delle |solo una |qualche )(?:domand[ae]|dubbi[o]?|curiosita|informazion[ei])|fatemi sapere (?:se|cosa|come|quando|dove|qual[ei])",
    "(?:cosa|quali|quante|che) (?:devo|dobbiamo|serve|servono|intende|intendete|vuole|volete|bollette|documenti|mesi)",
  ],
};
