/** When a job that runs is asked for next, by performance.now(), and the waits that this ends early. */
export class Alarm {
  dueAt: number;
  #wake = () => {};

  constructor(dueAt: number) {
    this.dueAt = dueAt;
  }

  /** There will be something to do then. Later than what is known already, it changes nothing. */
  set(at: number): void {
    if (at >= this.dueAt) return;
    this.dueAt = at;
    this.#wake();
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
      await new Promise<void>((wake) => {
        const timer = setTimeout(wake, left);
        this.#wake = () => {
          clearTimeout(timer);
          wake();
        };
      });
    }
  }
}
