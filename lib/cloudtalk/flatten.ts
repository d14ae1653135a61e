import { parseJson } from "../json.ts";
import { toText } from "./values.ts";

/** Objects under these keys describe the same call as what is around them. */
const NESTS = ["data", "call", "cdr", "payload", "properties", "event", "body"];
const MAX_NESTING = 4;
/** A path typed as a key, which is also how forms nest: `event.properties.call_uuid`, `data[callId]`. */
const NESTED_KEY = new RegExp(`^\\s*((${NESTS.join("|")})\\s*[.[\\]]+\\s*)+(?=.)`, "i");

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
  const own: (readonly [string, unknown])[] = [];
  const nested: unknown[] = [];
  for (const [key, value] of Object.entries(object)) {
    const name = toSnakeCase(key.replace(NESTED_KEY, ""));
    const inner = NESTS.includes(name) ? toNest(value) : null;
    if (inner !== null) nested.push(inner);
    else own.push([name, value]);
  }
  for (const [name, value] of own) {
    // An id beside a nested call is the delivery's, and differs in each repeat.
    if (name !== "id" || nested.length === 0) set(values, name, value);
    if (name === "contacts" && typeof value === "object") prefixed("contacts_0", Object.values(value ?? [])[0], values);
    if (name === "contact" || name === "agent") prefixed(name, value, values);
  }
  if (depth >= MAX_NESTING) return;
  for (const inner of nested) collect(inner, values, depth + 1);
}

/** The object under a nesting key; a template may have quoted it, or put it into a list. */
function toNest(value: unknown): object | null {
  const item = Array.isArray(value) ? value[0] : value;
  if (typeof item === "object") return item;
  return typeof item === "string" ? parseJson(item) : null;
}

function prefixed(prefix: string, object: unknown, values: Map<string, unknown>): void {
  if (typeof object !== "object" || object === null) return;
  for (const [key, value] of Object.entries(object)) set(values, `${prefix}_${toSnakeCase(key)}`, value);
}

function set(values: Map<string, unknown>, name: string, value: unknown): void {
  if (typeof value === "object" ? value !== null : toText(value) !== null) values.set(name, value);
}

function toSnakeCase(key: string): string {
  return key
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}
