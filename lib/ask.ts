/** The message that asks for the bills: the brief's text, to the letter. `WHATSAPP_MESSAGE` replaces it. */
export const ASK_TEXT = `Buongiorno, sono Samuela della Greengen Group.

Come da nostra conversazione telefonica, per procedere con la richiesta di accesso all'Agrisolare di quest'anno, avrei bisogno di ricevere una copia delle bollette elettriche.

Può inviarmele quando le ha a disposizione?

Grazie e buona giornata.`;

/** What is known of a call when it is decided whether it gets an ask; null where nothing says. */
type AskFacts = {
  /** There is a number to write to. */
  phone_number: boolean;
  /** `should_send` as the payload stated it. */
  stated_should_send: boolean | null;
  /** Whether the payload shows that a conversation took place. */
  conversation: boolean | null;
  /** A bill file of this customer was stored, or staff marked the bill as received. */
  bill_received: boolean;
  /** Another call's ask went to this customer within `WHATSAPP_ASK_COOLDOWN_HOURS`. */
  asked_recently: boolean;
  /** It was heard of late, from CloudTalk's history or by a replay, and ended longer ago than `RECONCILE_ASK_WITHIN_HOURS`. */
  too_old: boolean;
};

/** A call whose facts contain `when` gets no ask, for `reason`. */
export type AskRule = { when: Partial<AskFacts>; reason: string };

const BILL_RULE: AskRule = { when: { bill_received: true }, reason: "bill_already_received" };

/**
 * The decision: the first rule that fits says why a call gets no ask; a call that fits none is `eligible`.
 *
 * The database function record_cloudtalk_webhook applies these rules, in this order, to what all webhooks of the call
 * together have said: one webhook may know the number and the next that nobody answered.
 */
const ASK_RULES: readonly AskRule[] = [
  { when: { phone_number: false }, reason: "no_phone_number" },
  { when: { stated_should_send: false }, reason: "payload_says_no" },
  // The text refers to the conversation.
  { when: { conversation: false }, reason: "no_conversation" },
  BILL_RULE,
  // "Come da nostra conversazione telefonica" of yesterday would surprise.
  { when: { too_old: true }, reason: "too_old" },
  { when: { asked_recently: true }, reason: "asked_recently" },
];

/** The rules that hold: `WHATSAPP_ASK_AFTER_BILL=true` asks customers for a bill who have sent one already. */
export const askRules = (afterBill: boolean): AskRule[] =>
  ASK_RULES.filter((rule) => !(afterBill && rule === BILL_RULE));
