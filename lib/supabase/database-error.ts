/** The database did not answer, or refused. What was to be written was not written. */
export class DatabaseError extends Error {
  /** PostgreSQL's or PostgREST's code; null if there was no answer. */
  readonly code: string | null;

  constructor(call: string, message: string, code: string | null) {
    super(`${call}: ${message}`);
    this.name = "DatabaseError";
    this.code = code;
  }

  /**
   * Whether PostgreSQL would refuse the same content again: SQLSTATE class 22 (a value), 23 (a constraint) or 54 (a
   * limit).
   *
   * @see https://www.postgresql.org/docs/17/errcodes-appendix.html
   */
  get isAboutContent(): boolean {
    return /^(22|23|54)[0-9A-Z]{3}$/.test(this.code ?? "");
  }
}

/** The database does not let this caller in: a wrong or expired token, no staff, or the wrong kind of key. */
export class RefusedError extends DatabaseError {}
