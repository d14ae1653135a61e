import type { Access } from "../config.ts";
import { isThisMachine } from "../this-machine.ts";

/**
 * Whether a request is a developer's own, to `npm run dev` on the same machine. A `Host` alone proves nothing: it is
 * the caller's.
 */
export const isLocal = (request: Request, { local }: Access): boolean =>
  local && isThisMachine(new URL(request.url).hostname);
