/** A range of a weekday's local time (Europe/Rome), in minutes since midnight: from `from` until before `to`, at most 1440. */
export type OpenRange = Readonly<{
  /** ISO: Monday is 1, Sunday 7. */
  day: number;
  from: number;
  to: number;
}>;

/**
 * What the database must know of the environment to decide whether and when a message may go: its clock has no environment.
 * Each claim hands it over, and the database keeps it (private.terms), so its names are the database's.
 */
export type Terms = Readonly<{
  /** When automatic messages may start; null: at any time. */
  hours: OpenRange[] | null;
  /** Days without hours besides Sundays and holidays, YYYY-MM-DD. */
  closed: string[];
  /** Automatic messages a day (Europe/Rome) to numbers that never wrote to us; null: no limit. */
  first_contacts_per_day: number | null;
  /** Asks Wasender whether a number exists before its first message. */
  check_numbers: boolean;
  /** The one answer to somebody who wants no more messages; null: none. */
  objection_reply: string | null;
  /** What an ask says, and whether it may still go when its turn comes. */
  ask: Readonly<{ text: string; cooldown_hours: number; after_bill: boolean }>;
  /** Whether a printed table of months is taken for the bills of those months; the last day on which reminders go, YYYY-MM-DD. */
  case: Readonly<{ accepts_history: boolean; deadline: string | null }>;
  /** How many hours after an ask was delivered its reminders are due; null: there are none. */
  reminders: Readonly<{ steps_hours: number[] }> | null;
}>;

export const OBJECTION_REPLY = "Va bene, non riceverà altri messaggi automatici da noi.";
