import { format } from 'node:util';
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';

/** Where the OpenTelemetry API keeps what is registered. */
const apiKey: unique symbol = Symbol.for('opentelemetry.js.api.1');

/**
 * Has what the library finds odd written to stderr, from the level of `OTEL_LOG_LEVEL` on, or from warnings on. A logger that a
 * module of `--import` has registered stays.
 */
export function sayWarnings(environment: NodeJS.ProcessEnv): void {
  // cast: `globalThis` has no index signature for symbols
  if ((globalThis as { [apiKey]?: { diag?: unknown } })[apiKey]?.diag) return;
  const say =
    (name: string) =>
    (...words: unknown[]) =>
      void process.stderr.write(`${name}: ${format(...words)}\n`);
  const logger: DiagLogger = {
    error: say('error'),
    warn: say('warning'),
    info: say('info'),
    debug: say('debug'),
    verbose: say('verbose'),
  };
  diag.setLogger(logger, { logLevel: levelOf(environment.OTEL_LOG_LEVEL) });
}

function levelOf(name: string | undefined): DiagLogLevel {
  const levels: Readonly<Record<string, unknown>> = DiagLogLevel;
  const level = levels[(name ?? '').trim().toUpperCase()];
  return typeof level === 'number' ? level : DiagLogLevel.WARN;
}
