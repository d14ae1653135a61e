import { type DateStyle, printDay, printKw, printNumber, printPeriod, printPod } from "./print.ts";
import type { Random } from "./random.ts";
import type { Truth } from "./truth.ts";

/** A label with its value as printed; the column of null is of something else, a trap. */
export type Printed = { column: string | null; label: string; value: string };

/** The facts of a bill in the words of some supplier, and the things beside them that must not be taken for them. */
export function printFacts(truth: Truth, random: Random): Printed[] {
  const kwh = (value: number) => `${printNumber(value, random)} kWh`;
  const day = (iso: string) => printDay(iso, random.pick<DateStyle>(["slash", "slash", "dot", "words", "short"]));
  const text = (column: string) => String(truth[column]);
  const number = (column: string) => Number(truth[column]);
  const caps = random.chance(0.2);
  const one = (column: string | null, labels: readonly string[], value: string): Printed => {
    const label = random.pick(labels);
    return { column, label: caps ? label.toUpperCase() : label, value };
  };
  const annualDays = random.chance(0.5) ? ` (${printPeriod(text("annual_from"), text("annual_to"), random)})` : "";
  if (annualDays === "") Object.assign(truth, { annual_from: null, annual_to: null });
  const use =
    truth.use === "domestic"
      ? random.pick(["Domestico residente", "Uso domestico"])
      : random.pick(["Altri usi", "Usi diversi dall'abitazione", "Uso agricolo"]);
  const useAndVoltage = random.chance(0.5);
  const facts = [
    one(
      "pod",
      ["POD", "Codice POD", "POD (Punto di prelievo)", "Punto di prelievo", "Punto di prelievo (POD)", "P.O.D."],
      printPod(truth.pod, random),
    ),
    one(
      "period",
      ["Periodo di riferimento", "Periodo oggetto di fatturazione", "Periodo di fatturazione", "Periodo"],
      printPeriod(text("period_from"), text("period_to"), random),
    ),
    one(
      "kwh",
      [
        "Consumo totale fatturato nel periodo",
        "Consumo totale fatturato del periodo",
        "Consumi fatturati (energia attiva)",
        "Consumo del periodo",
        "Quanto ho consumato?",
        "Totale consumo fatturato",
      ],
      kwh(number("kwh")),
    ),
    one(
      "annual",
      ["Consumo annuo", "Consumo annuo aggiornato", "Consumi degli ultimi 12 mesi", "In un anno hai consumato"].map(
        (label) => label + annualDays,
      ),
      kwh(number("annual_kwh")),
    ),
    one(
      "power_kw",
      ["Potenza impegnata", "Potenza contrattualmente impegnata"],
      `${printKw(number("power_kw"), random)} kW`,
    ),
    one(
      "use",
      ["Tipologia cliente", "Tipo di contratto", "Tipologia di utenza"],
      useAndVoltage ? `${use} - ${truth.voltage}` : use,
    ),
    one(
      "holder",
      ["Intestatario", "Intestazione contratto", "Ragione sociale", "Intestatario del contratto"],
      text("holder"),
    ),
    one(
      "address",
      [
        "Indirizzo di fornitura",
        "Indirizzo fornitura",
        "Punto di fornitura",
        "La tua fornitura di energia elettrica è in",
      ],
      text("address"),
    ),
    one(
      "issued_on",
      ["Data emissione", "Data di emissione", "Emessa in data", "Emessa il", "Data fattura"],
      day(text("issued_on")),
    ),
    one(
      "invoice_number",
      [
        "Numero fattura elettronica valida ai fini fiscali",
        "Fattura n.",
        "Bolletta n.",
        "Numero fattura",
        "N. fattura",
      ],
      text("invoice_number"),
    ),
  ];
  if (!useAndVoltage)
    facts.push(
      one(
        "voltage",
        ["Tensione", "Tensione di alimentazione", "Livello di tensione"],
        truth.voltage === "MT"
          ? random.pick(["MT", "Media tensione", "15.000 V", "20 kV"])
          : random.pick(["BT", "Bassa tensione", "400 V", "230 V"]),
      ),
    );
  if (truth.measured !== null)
    facts.push(
      one(
        "measured",
        ["Tipo di lettura", "Tipologia consumo", "Tipologia lettura"],
        truth.measured ? random.pick(["Rilevata", "Effettiva", "rilevato"]) : random.pick(["Stimata", "stimato"]),
      ),
    );
  if (random.chance(0.6))
    facts.push(...["kwh_f1", "kwh_f2", "kwh_f3"].map((column, i) => one(column, [`F${i + 1}`], kwh(number(column)))));
  else Object.assign(truth, { kwh_f1: null, kwh_f2: null, kwh_f3: null });
  const left = facts.filter(({ column }) => column === "pod" || random.chance(0.93));
  const gone = facts.filter((fact) => !left.includes(fact)).map(({ column }) => column);
  for (const column of gone) forget(truth, column ?? "", useAndVoltage);
  if (left.filter(({ column }) => column?.startsWith("kwh_f")).length < 3)
    Object.assign(truth, { kwh_f1: null, kwh_f2: null, kwh_f3: null });
  const power = number("power_kw") || 3;
  const traps = [
    one(null, ["Potenza disponibile"], `${printKw(Math.round(power * 11) / 10, random)} kW`),
    one(null, ["Consumo da inizio fornitura", "Consumo annuo da inizio fornitura"], kwh(random.int(100, 90_000))),
    one(
      null,
      ["Scadenza", "Da pagare entro il", "Data scadenza"],
      day(text("issued_on") === "null" ? "2026-07-01" : "2027-01-20"),
    ),
    one(null, ["Numero cliente", "Codice cliente", "N. contratto"], random.digits(9)),
    one(null, ["Totale da pagare", "Importo"], `${printNumber(random.int(20, 9000), random)},${random.digits(2)} €`),
    one(null, ["Consumo medio giornaliero"], kwh(random.int(2, 99))),
    one(
      null,
      ["Livello massimo di potenza prelevata", "Potenza massima prelevata"],
      `${printKw(power + 1, random)} kW`,
    ),
    one(null, ["Energia reattiva"], `${random.int(1, 999)} kvarh`),
    one(
      null,
      ["Indirizzo di recapito", "Recapito", "Indirizzo di fatturazione"],
      "Via della Posta 99 - 00100 Roma (RM)",
    ),
    one(null, ["Codice offerta", "Matricola contatore"], random.digits(11)),
    one(
      null,
      ["Contratto valido", "Condizioni economiche valide"],
      `dal 01/01/${random.int(2018, 2021)} al 31/12/2030`,
    ),
    one(null, ["IBAN"], `IT60X0542811101${random.digits(12)}`),
    one(null, ["Data di attivazione"], "01/02/2019"),
    one(null, ["Periodo precedente"], "dal 01/01/2019 al 28/02/2019"),
  ];
  return random.shuffle([...left, ...traps.filter(() => random.chance(0.5))]);
}

function forget(truth: Truth, column: string, useAndVoltage: boolean): void {
  const columns: Record<string, string[]> = {
    period: ["period_from", "period_to"],
    kwh: ["kwh", "kwh_f1", "kwh_f2", "kwh_f3"],
    annual: ["annual_kwh", "annual_from", "annual_to"],
    use: useAndVoltage ? ["use", "voltage"] : ["use"],
  };
  for (const one of columns[column] ?? [column]) Object.assign(truth, { [one]: null });
}
