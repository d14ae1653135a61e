import { randomUUID } from "node:crypto";

/** A call of the simulator. */
export type SimulatedCall = {
  /** The customer's number; its digits are what CloudTalk sends. */
  number: string;
  name: string | null;
  outcome: "answered" | "missed";
  /** The caller hid the number. */
  withheld: boolean;
  /** Two workflows fire for one event, as on real accounts. */
  twice: boolean;
};

export type WebhookAnswer = { status: number; body: unknown };

const COMPANY_NUMBER = 390200000001;
const TIMEOUT_MS = 10_000;

/** Ends a call: posts to the app what a CloudTalk workflow on "Call ended" does. One answer for each webhook. */
export async function endCall(
  webhookUrl: string,
  secret: string | null,
  call: SimulatedCall,
): Promise<WebhookAnswer[]> {
  const body = JSON.stringify(callEnded(call, randomUUID(), Date.now()));
  const post = async (): Promise<WebhookAnswer> => {
    const response = await fetch(webhookUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "cloudtalk-workflow-automation",
        ...(secret ? { authorization: `Bearer ${secret}` } : {}),
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  };
  return Promise.all(call.twice ? [post(), post()] : [post()]);
}

/** Numbers are JSON numbers without `+`, times are UTC without saying so (seen in public receivers). */
function callEnded(call: SimulatedCall, uuid: string, endedAt: number): object {
  const answered = call.outcome === "answered";
  const waiting = answered ? 8 : 30;
  const talking = answered ? 187 : 0;
  return {
    call_uuid: uuid,
    external_number: call.withheld ? "anonymous" : Number(call.number.replace(/\D/g, "")),
    internal_number: COMPANY_NUMBER,
    direction: "outgoing",
    started_at: toUtc(endedAt - (waiting + talking) * 1000),
    answered_at: answered ? toUtc(endedAt - talking * 1000) : null,
    ended_at: toUtc(endedAt),
    waiting_time: waiting,
    talking_time: talking,
    is_voicemail: false,
    agent_id: 490001,
    agent_first_name: "Samuela",
    agent_last_name: "Greengen",
    contact_id: null,
    contact_name: call.name ?? "",
    recording_url: null,
  };
}

function toUtc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
