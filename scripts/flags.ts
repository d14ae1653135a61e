import { type ParseArgsConfig, parseArgs } from "node:util";

/**
 * The command line's flags and positional arguments. `--help` prints the usage and ends with 0; what is not understood
 * prints it too, and ends with 2.
 */
export function readFlags<const Config extends ParseArgsConfig>(usage: string, config: Config) {
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    refuse(usage, error instanceof Error ? error.message : String(error));
  }
}

/** Says what is wrong with the arguments and how they are used, and ends. */
export function refuse(usage: string, why: string): never {
  console.error(`${why}\n\n${usage}`);
  process.exit(2);
}
