import { type LocalDatabase, openDatabase } from "../database.ts";
import { startHosted } from "../hosted.ts";

/** Makes an empty project, as its owner has it. */
export type CreateProject = () => Promise<{ database: LocalDatabase; url: string }>;

/** Gives `work` as many empty projects as it asks for, on one PostgreSQL 17 that is gone afterwards. */
export async function withProjects<T>(work: (create: CreateProject) => Promise<T>): Promise<T> {
  const hosted = await startHosted();
  const made: LocalDatabase[] = [];
  try {
    return await work(async () => {
      const { url } = await hosted.createProject(`project_${made.length}`, "old");
      const database = await openDatabase(url);
      made.push(database);
      return { database, url };
    });
  } finally {
    await Promise.all(made.map((database) => database.close()));
    await hosted.stop();
  }
}
