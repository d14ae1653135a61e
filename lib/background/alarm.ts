import { setTimeout as sleep } from "node:timers/promises";

/** When a job that runs is asked for next, by performance.now(), and the waits that this ends early. */
export class Alarm {
  dueAt: number;
  #waiting = new AbortController();

  constructor(dueAt: number) {
    this.dueAt = dueAt;
  }

  /** There will be something to do then. Later than what is known already, it changes nothing. */
  set(at: number): void {
    if (at >= this.dueAt) return;
    this.dueAt = at;
    this.#waiting.abort();
  }

  /** What was asked for until now is looked at now. */
  look(): void {
    this.dueAt = Number.POSITIVE_INFINITY;
  }

  /** Waits until a time, or until what was asked for since {@link look} is due. */
  async wait(until: number): Promise<void> {
    for (;;) {
      const left = Math.min(until, this.dueAt) - performance.now();
      if (left <= 0) return;
      this.#waiting = new AbortController();
      await sleep(left, undefined, { signal: this.#waiting.signal }).catch(() => undefined);
    }
  }
}
