/** The database did not answer, or refused. What was to be written was not written. */
export class DatabaseError extends Error {
  /** PostgreSQL's or PostgREST's code, where there was an answer. */
  readonly code: string | null;

  constructor(call: string, message: string, code: string | null) {
    super(`${call}: ${message}`);
    this.name = "DatabaseError";
    this.code = code;
  }
}

/** The database does not let this caller in: a wrong or expired token, no staff, or the wrong kind of key. */
export class RefusedError extends DatabaseError {}
