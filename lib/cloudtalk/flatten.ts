/** Objects under these keys describe the same call as what is around them. */
const NESTS = ["data", "call", "payload", "properties", "event", "body"];
const MAX_NESTING = 4;

/**
 * A payload's values by snake-case key, whatever the admin typed: camelCase, padded, with dashes or spaces; flat or
 * nested (the voice agent nests the call under `data`). What is nested deeper is about the call itself and wins, unless
 * it is empty. `contacts[0].name`, as a key or as a structure, becomes `contacts_0_name`.
 */
export function flatten(body: unknown): Map<string, unknown> {
  const values = new Map<string, unknown>();
  collect(Array.isArray(body) && body.length === 1 ? body[0] : body, values, 0);
  return values;
}

function collect(object: unknown, values: Map<string, unknown>, depth: number): void {
  if (typeof object !== "object" || object === null || Array.isArray(object)) return;
  const entries = Object.entries(object).map(([key, value]) => [toSnakeCase(key), value] as const);
  for (const [key, value] of entries) {
    if (value !== null && value !== "" && !(typeof value === "object" && NESTS.includes(key))) values.set(key, value);
    if (key === "contacts" && Array.isArray(value)) prefixed("contacts_0", value[0], values);
    if (key === "contact" || key === "agent") prefixed(key, value, values);
  }
  if (depth >= MAX_NESTING) return;
  for (const [key, value] of entries) {
    if (NESTS.includes(key)) collect(Array.isArray(value) ? value[0] : value, values, depth + 1);
  }
}

function prefixed(prefix: string, object: unknown, values: Map<string, unknown>): void {
  if (typeof object !== "object" || object === null) return;
  for (const [key, value] of Object.entries(object)) values.set(`${prefix}_${toSnakeCase(key)}`, value);
}

function toSnakeCase(key: string): string {
  return key
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}
