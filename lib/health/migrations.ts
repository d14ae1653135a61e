// Generated from supabase/migrations by npm run types.
/** The versions of all migrations, in their order. */
export const MIGRATIONS: readonly string[] = [
  "20261123150000",
  "20261123150100",
  "20261123150200",
  "20261123150300",
  "20261123150400",
  "20261123150500",
  "20261123220000",
  "20261124033854",
  "20261124090302",
];
