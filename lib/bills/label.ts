/** What stands behind a label. `type` is the kind of customer or contract, which tells use and voltage. */
export type Field =
  | "pod"
  | "period"
  | "kwh"
  | "annual"
  | "power"
  | "type"
  | "voltage"
  | "holder"
  | "holder_id"
  | "address"
  | "issued"
  | "invoice"
  | "replaces"
  | "measured";

/** A field of null is a label of something that is not kept, and that must not be taken for what is. */
export type Label = { field: Field | null; rule: string; pattern: RegExp; strong: boolean };

/** A label that says enough by itself. */
export const strong = (field: Field | null, rule: string, pattern: RegExp): Label => ({
  field,
  rule,
  pattern,
  strong: true,
});
/** Says less than the others: it counts only if none of them is there. */
export const weak = (field: Field, rule: string, pattern: RegExp): Label => ({ field, rule, pattern, strong: false });

export const OF = "(?: (?:di|del|della|dei|delle|per la|per il))?";
export const CODE = "(?:n\\.?(?: ?[°o]\\.?)?|nr\\.?|num\\.?|numero)";
export const pattern = (source: string) => new RegExp(source, "y");
