import { Random } from "./random.ts";

/** What a bill that was made up says, by the columns of a supply. */
export type Truth = Record<string, string | number | boolean | null> & { pod: string };

const HOLDERS = [
  "AZIENDA AGRICOLA ROSSI MARIO",
  "SOCIETA' AGRICOLA LE QUERCE S.S.",
  "Tenuta Bianchi S.r.l.",
  "BIANCHI LUCIA",
  "Caseificio Val d'Orcia Soc. Coop. Agr.",
  "AZ. AGR. F.LLI VERDI DI VERDI G. & C. S.S.",
  "Cantina dei Colli S.p.A.",
  "ESPOSITO GENNARO",
  "De Luca Maria Grazia",
  "FATTORIA LA PIEVE SOCIETA' AGRICOLA SEMPLICE",
];
const STREETS = [
  "Via Roma 12",
  "STRADA PROVINCIALE 14 KM 3",
  "Contrada Serra 5/A",
  "Loc. Podere Nuovo snc",
  "VIA DELLE VIGNE, 101",
  "Frazione San Rocco 7",
  "C.da Piano 22",
  "Viale Europa 3",
  "Cascina Bruciata 1",
];
const TOWNS = [
  "37100 Verona (VR)",
  "70010 LOCOROTONDO BA",
  "53024 Montalcino (SI)",
  "12051 ALBA (CN)",
  "37030 Colognola ai Colli VR",
  "95100 Catania (CT)",
];
/** Footers, by the short name. */
const FOOTERS: readonly [string, string][] = [
  [
    "Enel Energia",
    "Enel Energia S.p.A. - Società con unico socio - Sede legale Viale Regina Margherita 125, 00198 Roma - Gruppo IVA Enel P.IVA 15844561009 - C.F. 06655971007",
  ],
  [
    "Servizio Elettrico Nazionale",
    "Servizio Elettrico Nazionale S.p.A. - Viale Regina Margherita 125 Roma - C.F. 09633951000",
  ],
  [
    "Plenitude",
    "Eni Plenitude S.p.A. Società Benefit - Sede legale via Giovanni Lorenzini 4, Milano - C.F. e P.IVA 12300020158",
  ],
  [
    "A2A Energia",
    "A2A Energia S.p.A. - Corso di Porta Vittoria 4 Milano - P.IVA 12883420155 - soggetta a direzione e coordinamento di A2A S.p.A.",
  ],
  ["Edison Energia", "Edison Energia S.p.A. Foro Buonaparte 31 Milano - Partita IVA 08526440154"],
  ["Hera Comm", "Hera Comm S.p.A. via Molino Rosso 8, Imola - P.IVA 02221101203 - Gruppo Hera"],
  ["Iren Mercato", "Iren Mercato S.p.A. Via SS. Giacomo e Filippo 7 Genova - C.F. 01178580997"],
  ["Sorgenia", "Sorgenia S.p.A. - Via Algardi 4 - Milano - Cap. soc. euro 150.000.000 - Registro Imprese di Milano"],
  ["E.ON", "E.ON Energia S.p.A. - Sede legale Via dell'Unione 1 Milano - R.E.A. 1234567"],
  ["Dolomiti", "Dolomiti Energia S.p.A. - sede legale via Fersina 23 Trento - Cap. soc. 20.200.000 euro"],
  ["Duferco", "Duferco Energia S.p.A. - Sede legale Via Paolo Imperiale 4 Genova - Registro Imprese"],
  ["Octopus", "Octopus Energy Italia S.r.l. - Sede legale Milano - P.IVA"],
];

const iso = (date: Date) => date.toISOString().slice(0, 10);
const utc = (year: number, month: number, day: number) => new Date(Date.UTC(year, month, day));

/** Invents what a bill says, and who prints it. */
export function inventTruth(seed: number): { truth: Truth; footer: string } {
  const random = new Random(seed);
  const [year, month, length] = [random.int(2020, 2026), random.int(0, 10), random.pick([1, 1, 2, 2, 3])];
  const [from, to] = [utc(year, month, 1), utc(year, month + length, 0)];
  const power = random.pick([1.5, 3, 4.5, 6, 10, 15, 16.5, 30, 50, 80, 150, 400]);
  const kwh = Math.max(3, Math.round(power * 24 * 30 * length * (0.02 + random.next() * 0.3)));
  const f1 = Math.round(kwh * random.next() * 0.6);
  const f2 = Math.round((kwh - f1) * random.next());
  const isMedium = power >= 80;
  const [supplier, footer] = random.pick(FOOTERS);
  const pod = `IT${random.pick(["001", "012", "020", "131", "221"])}E${random.digits(8)}`;
  const truth: Truth = {
    pod,
    period_from: iso(from),
    period_to: iso(to),
    kwh,
    kwh_f1: f1,
    kwh_f2: f2,
    kwh_f3: kwh - f1 - f2,
    measured: random.pick([true, false, null]),
    annual_kwh: Math.round(kwh * (12 / length) * (0.8 + random.next() * 0.5)) + 1,
    annual_from: iso(utc(year - 1, month + length, 1)),
    annual_to: iso(to),
    power_kw: power,
    voltage: isMedium ? "MT" : "BT",
    use: !isMedium && random.chance(0.2) ? "domestic" : "other",
    supplier,
    holder: random.pick(HOLDERS),
    address: `${random.pick(STREETS)} - ${random.pick(TOWNS)}`,
    issued_on: iso(new Date(to.getTime() + random.int(3, 40) * 86_400_000)),
    invoice_number: random.pick([
      random.digits(12),
      `${year}/${random.digits(6)}`,
      `E${random.digits(9)}`,
      `A2-${random.digits(7)}`,
      random.digits(8),
    ]),
    replaces_from: null,
    replaces_to: null,
  };
  return { truth, footer };
}
