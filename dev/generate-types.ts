// Writes what in lib is made from the migrations: npm run types.
import { migrate, openDatabase } from "./database.ts";
import { writeGenerated } from "./generated-files.ts";
import { readMigrations } from "./migration/read-migrations.ts";

const database = await openDatabase("memory://");
await migrate(database);
await writeGenerated(database, await readMigrations());
await database.close();
