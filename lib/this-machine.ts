/** Whether a URL's host name is this machine's own (loopback): a developer's server, or what `supabase start` runs. */
export const isThisMachine = (hostname: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(hostname);
