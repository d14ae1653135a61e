/**
 * The message that asks for the bills: the brief's text, to the letter. `WHATSAPP_MESSAGE` replaces it. Who gets it is
 * decided in the database: supabase/schemas/calls/ask_reason.sql.
 */
export const ASK_TEXT = `Buongiorno, sono Samuela della Greengen Group.

Come da nostra conversazione telefonica, per procedere con la richiesta di accesso all'Agrisolare di quest'anno, avrei bisogno di ricevere una copia delle bollette elettriche.

Può inviarmele quando le ha a disposizione?

Grazie e buona giornata.`;
