import type { Found, Region } from "./region.ts";

const DOMESTIC = /(?<!non )\b(?:uso )?domestic[oi]\b|\bresidente\b/;
const OTHER =
  /\baltri usi\b|\bus[oi] (?:agricol[oi]|divers[oi]|non domestic[oi])|\bnon domestic[oi]\b|\bbusiness\b|\bpartita iva\b/;
const LOW = /\bbt(?:a ?\d|\b)|\bbassa tensione/;
const MEDIUM = /\bmt(?:a ?\d|\b)|\bmedia tensione/;
const MEASURED = /\b(?:rilevat[oaie]|effettiv[oaie]|reale|reali|misurat[oaie])\b/;
const ESTIMATED = /\b(?:stimat[oaie]|stima|presunt[oaie]|acconto)\b/;
const LONGEST = 70;

/** The kind of customer or contract: its use, and often its voltage. */
export function readType(region: Region): Found | null {
  const use = oneOf(region.plain, DOMESTIC, OTHER, "domestic", "other");
  const voltage = oneOf(region.plain, LOW, MEDIUM, "BT", "MT");
  return toFound(region, { ...(use && { use }), ...(voltage && { voltage }) });
}

/** The voltage by its name or in volts. */
export function readVoltage(region: Region): Found | null {
  const voltage = oneOf(region.plain, LOW, MEDIUM, "BT", "MT") ?? ofVolts(region.plain);
  return toFound(region, voltage === null ? {} : { voltage });
}

/** Whether the consumption is measured; both words in one place mean that a part of it is estimated. */
export function readMeasured(region: Region): Found | null {
  const estimated = ESTIMATED.test(region.plain);
  if (!estimated && !MEASURED.test(region.plain)) return null;
  return toFound(region, { measured: !estimated });
}

function oneOf<A, B>(plain: string, first: RegExp, second: RegExp, a: A, b: B): A | B | null {
  const [isFirst, isSecond] = [first.test(plain), second.test(plain)];
  return isFirst === isSecond ? null : isFirst ? a : b;
}

/** 400 V and 0,4 kV are low voltage; from 1 kV to 35 kV it is medium voltage. */
function ofVolts(plain: string): "BT" | "MT" | null {
  const match = /^[\s:=.(–-]*(\d{1,3}(?:\.\d{3})|\d+(?:,\d+)?)(?: ?[/-] ?\d+)? ?(k?v)(?:olt)?(?![a-z])/.exec(plain);
  if (!match) return null;
  const volts = Number(match[1]?.replaceAll(".", "").replace(",", ".")) * (match[2] === "kv" ? 1000 : 1);
  if (volts >= 100 && volts <= 1000) return "BT";
  return volts > 1000 && volts <= 35_000 ? "MT" : null;
}

function toFound({ plain }: Region, values: Found["values"]): Found | null {
  if (Object.keys(values).length === 0 || plain.length > LONGEST) return null;
  return { values, unit: null, start: 0, end: plain.length, more: [], exact: true };
}
