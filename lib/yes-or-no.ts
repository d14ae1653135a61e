import { z } from "zod/v3";

/** A boolean as people and forms write it. */
export const YesOrNo = z
  .string()
  .toLowerCase()
  .pipe(
    z
      .enum(["true", "1", "yes", "false", "0", "no"], { message: 'must be "true" or "false"' })
      .transform((word) => word === "true" || word === "1" || word === "yes"),
  );
