import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectionIn } from "../../lib/objection.ts";

describe("a whole message that says so is an objection", () => {
  it.each([
    "stop",
    "STOP",
    " Stop. ",
    "Stop!!!",
    "STOOOP",
    "S.T.O.P.",
    "🛑 stop 🛑",
    "Stop grazie",
    "stop messaggi",
    "basta",
    "BASTA!",
    "bastaaaa",
    "Basta 😡",
    "Basta messaggi",
    "ora basta",
    "Cancellami",
    "cancellatemi per favore",
    "Mi cancelli",
    "Cancella il mio numero",
    "Cancellate il mio numero, grazie",
    "disiscrivimi",
    "DISISCRIVETEMI",
    "Disiscrizione",
    "unsubscribe",
    "Rimuovimi",
    "mi rimuova dalla lista",
    "rimuovete il mio numero",
    "Non mi scriva più",
    "Non mi scriva piu'",
    "non scrivetemi piu",
    "Non scrivetemi mai più!",
    "Per favore non mi scrivete più",
    "non contattatemi",
    "Non contattatemi più.",
    "non disturbate",
    "NON DISTURBARE",
    "Non sono interessato",
    "Non sono interessata, grazie",
    "non sono interessato/a",
    "No grazie, non sono interessato",
    "Non siamo interessati",
    "Non mi interessa",
    "Non voglio più messaggi",
    "Lasciatemi in pace",
    "non sono piu\u0300 interessato",
    "nn sono interessato",
    "Non m’interessa",
    "STOP STOP STOP",
    "Basta!!! Non scrivetemi",
    "Basta. Cancellatemi.",
    "Eliminate il mio numero",
    "Togliete il mio numero!",
    "Non mandatemi più messaggi",
    "non mi inviate altri messaggi",
    "Smettetela di scrivermi",
    "Revoco il consenso",
    "Mi tolga dalla lista",
  ])("%s", (text) => {
    expect(objectionIn(text)).toBe("objects");
  });

  const said = [
    "stop",
    "basta",
    "cancellami",
    "disiscrivimi",
    "rimuovimi",
    "non mi scriva più",
    "non sono interessata",
  ];
  const around = fc.string({
    unit: fc.constantFrom(" ", ".", "!", ",", "…", "-", "*", '"', "😡", "🙏🏻", "\n", "\u00a0"),
    maxLength: 12,
  });
  it("in any case, with any signs and emoji around it, with or without accents", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...said),
        around,
        around,
        fc.boolean(),
        fc.boolean(),
        (text, left, right, loud, flat) => {
          const spelt = flat ? text.normalize("NFD").replace(/\p{M}/gu, "") : text;
          expect(objectionIn(left + (loud ? spelt.toUpperCase() : spelt) + right)).toBe("objects");
        },
      ),
    );
  });

  it("up to 40 characters; a longer one staff read", () => {
    expect(objectionIn("Buongiorno, non sono interessato, saluti")).toBe("objects");
    expect(objectionIn("Buongiorno, non sono interessato, cordiali saluti")).toBe("staff");
  });
});

describe("what only a person can tell waits for staff", () => {
  it.each([
    "We have got to STOP this bill",
    "stop?",
    "Stop alle 5?",
    "Può cancellare la mia richiesta di ieri?",
    "Vorrei disiscrivermi da tutto quello che mandate",
    "Dovete rimuovere i miei dati dal vostro archivio entro domani",
    "Non mi scriva più a questo numero",
    "Non riesco a contattarvi",
    "Non disturbatemi la domenica, il lunedì va bene",
    "Non sono interessato al fotovoltaico",
    "Vi denuncio",
    "Scrivo al Garante",
    "Parlo con il mio avvocato",
    "E la privacy?",
    "Questo è spam",
    "basta così",
    "Non voglio ricevere più niente da voi, è chiaro",
  ])("%s", (text) => {
    expect(objectionIn(text)).toBe("staff");
  });
});

describe("everything else is nothing", () => {
  it.each([
    null,
    "",
    "  ",
    "👍",
    "Basta una bolletta?",
    "Basta?",
    "Basta una bolletta",
    "basta la prima pagina",
    "Ok, domani",
    "Eccola",
    "Non ora",
    "No",
    "Non ce l'ho qui, domani la mando",
    "Mi scriva domani",
    "Non trovo la bolletta",
    "Sono interessato",
    "Sono abbastanza contento",
    "La nonna mi ha scritto",
    "Mi contatti lei",
    "autostop",
    "Lo spettacolo di ieri",
    "Basta questa?",
    "Non mi mandi la fattura per posta",
    "Il mio numero cliente è 12345",
  ])("%s", (text) => {
    expect(objectionIn(text)).toBeNull();
  });

  it("whatever is written, it is told what it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        expect(["objects", "staff", null]).toContain(objectionIn(text));
      }),
    );
  });
});
