import { toPhone } from "../phone.ts";
import { toText } from "./values.ts";

/** CloudTalk's own names: their value is final, even if it says that the number was withheld. */
const SURE = ["external_number", "public_external"];
const OTHER = ["caller_number", "phone_number", "phone", "customer_number", "to", "to_number", "number"];
/** On an incoming call "to" is the company and "from" the customer; on any other it is the other way round. */
const INCOMING = ["caller_number", "phone_number", "phone", "customer_number", "from", "from_number", "number"];
const INCOMING_WORD = /^(in|incoming|inbound|in[ _-]entrata|entrante)$/i;

export const CUSTOMER_NUMBER_NAMES = [...SURE, ...OTHER, "from"];

/**
 * The customer's number (CloudTalk's help centre and public receivers), and the text that it was read from. The
 * company's own number is never taken for it.
 *
 * @param values a payload's values by snake-case key.
 */
export function customerNumber(
  values: ReadonlyMap<string, unknown>,
  companyNumber: string | null,
  direction: string | null,
): { raw: string | null; e164: string | null } {
  const companyDigits = companyNumber?.normalize("NFKC").replace(/[^0-9]/g, "") ?? "";
  const usable = (value: unknown) => {
    const { e164 } = toPhone(value);
    // The company's is parsed only if it may be the same: most are landlines, which take longer.
    const same = e164 !== null && companyDigits.includes(e164.slice(-4)) && toPhone(companyNumber).e164 === e164;
    return same ? null : e164;
  };
  const first = (names: readonly string[], use: (value: unknown) => string | null) =>
    names.map((name) => values.get(name)).find((value) => use(value) !== null);
  const others = INCOMING_WORD.test(direction ?? "") ? INCOMING : OTHER;
  const value = first(SURE, usable) ?? first(SURE, toText) ?? first(others, usable) ?? first(others, toText);
  return { raw: toText(value), e164: usable(value) };
}
