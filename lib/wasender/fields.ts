import { z } from "zod/v3";
import { YesOrNo } from "../yes-or-no.ts";

// Fields of Wasender's payloads: none is worth losing a message for.

/** A value that may be missing, and counts as missing if it has another type than expected. */
export const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish().catch(null);
export const text = optional(z.string());
export const textOrNumber = optional(z.union([z.string(), z.number()]).transform(String));
/** A longer one would not fit the database's unique keys. */
export const id = optional(z.union([z.string().min(1).max(200), z.number()]).transform(String));
export const flag = optional(z.union([z.boolean(), YesOrNo, z.number().transform(Boolean)]));
