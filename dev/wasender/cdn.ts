import { getGlobalDispatcher, setGlobalDispatcher } from "undici";

/**
 * Leads this process's requests for WhatsApp's CDN (https://….whatsapp.net) to an address of this machine instead, path
 * and query kept. Everything before the connection is as in production: the app asks for the real address.
 *
 * @returns what ends it.
 */
export function standInForCdn(address: string): () => void {
  const before = getGlobalDispatcher();
  const { origin, pathname } = new URL(address);
  setGlobalDispatcher(
    before.compose((dispatch) => (options, handler) => {
      const { hostname } = new URL(String(options.origin));
      if (!hostname.endsWith(".whatsapp.net")) return dispatch(options, handler);
      return dispatch({ ...options, origin, path: pathname.replace(/\/$/, "") + options.path }, handler);
    }),
  );
  return () => setGlobalDispatcher(before);
}
