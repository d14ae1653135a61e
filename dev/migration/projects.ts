import { type LocalDatabase, openDatabase } from "../database.ts";
import { startHosted } from "../hosted.ts";

/** Makes an empty project, as its owner has it. */
export type CreateProject = () => Promise<{ database: LocalDatabase; url: string }>;

/** One PostgreSQL 17 with as many empty projects as are asked for, gone when it is stopped. */
export async function startProjects(): Promise<{ create: CreateProject; stop: () => Promise<void> }> {
  const hosted = await startHosted();
  const made: LocalDatabase[] = [];
  return {
    create: async () => {
      const { url } = await hosted.createProject(`project_${made.length}`, "old");
      const database = await openDatabase(url);
      made.push(database);
      return { database, url };
    },
    stop: async () => {
      await Promise.all(made.map((database) => database.close()));
      await hosted.stop();
    },
  };
}
