import { chmod, readFile, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";

/** The variables of a .env file; none if it does not exist. */
export async function readEnvFile(path: string): Promise<Record<string, string>> {
  const values = parseEnv(await textOf(path));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (value ?? "").trim()]));
}

/**
 * Writes variables into a .env file, and leaves everything else in it as it is: comments, order, other variables. Only
 * its owner may read it afterwards.
 */
export async function writeEnvFile(path: string, values: Record<string, string>): Promise<void> {
  let text = await textOf(path);
  for (const [name, value] of Object.entries(values)) {
    const quote = /[\s#'"`\\$]/.test(value) ? (["'", '"', "`"].find((sign) => !value.includes(sign)) ?? "") : "";
    const line = `${name}=${quote}${value}${quote}`;
    const existing = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, "gm");
    // Of several lines the last one counts, so each is changed.
    if (existing.test(text)) text = text.replace(existing, () => line);
    else text += `${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
  }
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, 0o600);
}

const textOf = (path: string) =>
  readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
