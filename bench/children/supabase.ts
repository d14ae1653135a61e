// The local Supabase over a PostgreSQL database: node supabase.ts <postgres:// URL>
import { openDatabase } from "../../dev/database.ts";
import { startSupabase } from "../../dev/supabase.ts";
import { ready } from "./ready.ts";

const database = await openDatabase(process.argv[2] ?? "");
const { close, ...supabase } = await startSupabase(database);
ready(supabase, async () => {
  await close();
  await database.close();
});
