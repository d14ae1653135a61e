import { checkVariables } from "../lib/health/check-variables.ts";
import { isThisMachine } from "../lib/this-machine.ts";

/** What only the operator knows. */
export const QUESTIONS = [
  { name: "APP_URL", flag: "app-url", question: "The app's address on Vercel (https://your-project.vercel.app)" },
  { name: "SUPABASE_URL", flag: "supabase-url", question: "Supabase's URL (Project Settings, Data API)" },
  { name: "SUPABASE_KEY", flag: "supabase-key", question: "Supabase's secret key (Project Settings, API Keys)" },
  { name: "WHATSAPP_API_TOKEN", flag: "wasender-token", question: "Wasender's API key (Sessions, your session)" },
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
 * @param prompt puts a question to the operator, who may skip it with an empty line; null without a terminal.
 * @param tell says what is wrong with an answer, before the question is repeated.
 */
export async function findAnswers(
  { flags, stored, environment }: Sources,
  prompt: ((question: string) => Promise<string>) | null,
  tell: (problem: string) => void,
): Promise<{ answers: Answers; problems: { name: Name; message: string }[] }> {
  const answers: Answers = {};
  const problems: { name: Name; message: string }[] = [];
  for (const { name, flag, question } of QUESTIONS) {
    const given = flags[flag]?.trim();
    let problem: string | null = null;
    for (const value of [given, stored[name]?.trim(), environment[name]?.trim()]) {
      if (!value) continue;
      const wrong = check(name, value, answers);
      if (wrong === null) {
        answers[name] = spelledOut(name, value);
        // A flag is given to change something: a wrong one is reported, even if the file has a right one.
        if (!given) problem = null;
        break;
      }
      problem ??= wrong;
    }
    while (prompt !== null && (answers[name] === undefined || problem !== null)) {
      if (problem !== null) tell(problem);
      const value = (await prompt(question)).trim();
      if (!value) break;
      problem = check(name, value, answers);
      if (problem === null) answers[name] = spelledOut(name, value);
    }
    if (problem !== null) problems.push({ name, message: problem });
  }
  return { answers, problems };
}

/** An address as it is meant: with https://; for a page of Supabase's dashboard the address of its project. */
function spelledOut(name: Name, value: string): string {
  if (name !== "APP_URL" && name !== "SUPABASE_URL") return value;
  const hasScheme = /^https?:\/\//i.test(value);
  const local = isThisMachine(hostOf(hasScheme ? value : `http://${value}`));
  let url = hasScheme ? value : `${local ? "http" : "https"}://${value}`;
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

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : "");

/** This machine, or a host name with a dot in it: others could not reach a single word. */
const isAddress = (url: string) => isThisMachine(hostOf(url)) || /^[^.]+(\.[^.]+)+$/.test(hostOf(url));
