/** What a customer's answer means, by precedence: of those that fit, the first is the label. `other` always fits. */
export const LABELS = ["wrong_number", "refusal", "no_bills", "by_email", "promise", "question", "other"] as const;
export type Label = (typeof LABELS)[number];

/** `date`, YYYY-MM-DD in Rome: the last day on which a promise is kept; null if it names none, and of other labels. */
export type AnswerLabel = { value: Label; date: string | null };
