import { checkVariables } from "../lib/health/check-variables.ts";

/** What only a person can tell. */
export const QUESTIONS = [
  { name: "APP_URL", flag: "app-url", ask: "The app's address on Vercel (https://your-project.vercel.app)" },
  { name: "SUPABASE_URL", flag: "supabase-url", ask: "Supabase's URL (Project Settings, Data API)" },
  { name: "SUPABASE_KEY", flag: "supabase-key", ask: "Supabase's secret key (Project Settings, API Keys)" },
  { name: "WHATSAPP_API_TOKEN", flag: "wasender-token", ask: "Wasender's API key (Sessions, your session)" },
] as const;
type Question = (typeof QUESTIONS)[number];
type Name = Question["name"];

export type Sources = {
  flags: { [flag in Question["flag"]]?: string | undefined };
  stored: Record<string, string | undefined>;
  environment: Record<string, string | undefined>;
};
type Answers = { [name in Name]?: string };

/**
 * The answers from the flags, else from the file, else from the environment; what is wrong counts as missing.
 *
 * @param ask puts a question to a person, who may leave it open with an empty line; null where nobody can be asked.
 * @param tell says what is wrong with an answer, before it is asked for again.
 */
export async function findAnswers(
  { flags, stored, environment }: Sources,
  ask: ((question: string) => Promise<string>) | null,
  tell: (problem: string) => void,
): Promise<{ answers: Answers; problems: { name: Name; message: string }[] }> {
  const answers: Answers = {};
  const problems: { name: Name; message: string }[] = [];
  for (const { name, flag, ask: question } of QUESTIONS) {
    const given = flags[flag]?.trim();
    let problem: string | null = null;
    for (const value of [given, stored[name]?.trim(), environment[name]?.trim()]) {
      if (!value) continue;
      const wrong = check(name, value, answers);
      if (wrong === null) {
        answers[name] = spelledOut(name, value);
        // Whoever gives a flag wants it changed: a wrong one is told, also where the file has a right one.
        if (!given) problem = null;
        break;
      }
      problem ??= wrong;
    }
    while (ask !== null && (answers[name] === undefined || problem !== null)) {
      if (problem !== null) tell(problem);
      const value = (await ask(question)).trim();
      if (!value) break;
      problem = check(name, value, answers);
      if (problem === null) answers[name] = spelledOut(name, value);
    }
    if (problem !== null) problems.push({ name, message: problem });
  }
  return { answers, problems };
}

/** An address as it is meant: with https://, and of the project where it is that of its page in Supabase's dashboard. */
function spelledOut(name: Name, value: string): string {
  if (name !== "APP_URL" && name !== "SUPABASE_URL") return value;
  const local = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/i.test(value);
  let url = /^https?:\/\//i.test(value) ? value : `${local ? "http" : "https"}://${value}`;
  if (name === "SUPABASE_URL") {
    const project = /^https?:\/\/(?:app\.)?supabase\.com\/(?:dashboard\/)?project\/([a-z0-9]+)(?=[/?#]|$)/i.exec(
      url,
    )?.[1];
    return project === undefined ? url : `https://${project}.supabase.co`;
  }
  if (!local) url = url.replace(/^http:/i, "https:");
  return URL.canParse(url) ? new URL(url).origin : value;
}

/** What is wrong with an answer, or null. */
function check(name: Name, given: string, answers: Answers): string | null {
  const value = spelledOut(name, given);
  if (name === "APP_URL" && (!isAddress(value) || /^https?:\/\/(www\.)?vercel\.com/i.test(value))) {
    return `APP_URL ${given} is not the app's address: it looks like https://your-project.vercel.app.`;
  }
  if (name === "SUPABASE_URL" && !isAddress(value)) {
    return "SUPABASE_URL is not a URL: it looks like https://abcd.supabase.co.";
  }
  // The app's secret, which the public key needs, is made afterwards.
  const environment = { ...answers, SUPABASE_APP_SECRET: "x".repeat(24), [name]: value };
  const wrong = checkVariables(environment).find((finding) => finding.check === name && finding.status === "fail");
  if (wrong === undefined) return null;
  // That it is to be set is all that a problem of the form has for a fix.
  return wrong.fix === null || wrong.fix.startsWith(`Set ${name} `) ? wrong.message : `${wrong.message} ${wrong.fix}`;
}

/** A host of this machine, or one with a dot in it: a single word is none that others could reach. */
const isAddress = (url: string) =>
  URL.canParse(url) && /^(localhost|\[::1\]|[^.]+(\.[^.]+)+)$/.test(new URL(url).hostname);
