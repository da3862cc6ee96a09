/** What is thrown for other reasons than a bad argument. Branch on `code`, not on the message. */
export class OtelPromiseDomainError extends Error {
  /** Stable over releases. */
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    nameAs(this, 'OtelPromiseDomainError');
    this.code = code;
  }
}

interface Options {
  cause?: unknown;
}

/**
 * A task failed: it threw, its module or export is not there, or what it was given or returned cannot be copied. Where it
 * threw an `Error`, `name`, `message`, `stack`, `cause` and the own enumerable properties are those of that error, `code`
 * among them if it had one; any other thrown value is the `cause`.
 */
export class MiraiError extends OtelPromiseDomainError {
  constructor(message: string, options?: Options) {
    super('miraiError', message, options);
    nameAs(this, 'MiraiError');
  }
}

/** A task was cancelled, or its daemons were reset. `cause` is the reason that was given. */
export class MiraiInterrupt extends OtelPromiseDomainError {
  constructor(message: string, options?: Options) {
    super('miraiInterrupt', message, options);
    nameAs(this, 'MiraiInterrupt');
  }
}

/** A task was not done in time, and was cancelled. */
export class MiraiTimeout extends OtelPromiseDomainError {
  constructor(message: string, options?: Options) {
    super('miraiTimeout', message, options);
    nameAs(this, 'MiraiTimeout');
  }
}

/** The daemon that ran a task is gone. `cause` is what ended it, where that is known. */
export class DaemonLost extends OtelPromiseDomainError {
  constructor(message: string, options?: Options) {
    super('daemonLost', message, options);
    nameAs(this, 'DaemonLost');
  }
}

/** No daemons are set for the profile. */
export class NoDaemons extends OtelPromiseDomainError {
  constructor(message: string, options?: Options) {
    super('noDaemons', message, options);
    nameAs(this, 'NoDaemons');
  }
}

/** `name` equals the class also in a minified bundle, and is not among the own enumerable properties. */
function nameAs(error: Error, name: string): void {
  Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
}
