/** What a check found: `fail` keeps the program from its work, `warn` may, or will. */
export type Finding = {
  /** What was looked at, in one or two words. */
  check: string;
  status: "ok" | "warn" | "fail";
  message: string;
  /** What to do about it; null if all is well. */
  fix: string | null;
};

export const ok = (check: string, message: string): Finding => ({ check, status: "ok", message, fix: null });
export const warn = (check: string, message: string, fix: string): Finding => ({ check, status: "warn", message, fix });
export const fail = (check: string, message: string, fix: string): Finding => ({ check, status: "fail", message, fix });

/** No finding keeps the program from its work. */
export const isWell = (findings: readonly Finding[]) => findings.every(({ status }) => status !== "fail");
