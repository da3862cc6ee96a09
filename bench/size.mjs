// What does a page download? Minified and gzipped, in two ways: as a file of its own that leaves the OpenTelemetry API
// out, and as what is added to a bundle that has the API, where the compression of the one helps the other.
import { weigh as weighIn } from '../scripts/weigh.mjs';
import { table, verdict } from './stats.mjs';

const API = '@opentelemetry/api';

/** The peers are dependencies of this folder. */
const weigh = (source, external) => weighIn(source, external, new URL('.', import.meta.url));

/** What the core entry and the context manager use of the API. */
const apiInUse = `export { context, diag, isSpanContextValid, ROOT_CONTEXT, SpanStatusCode, trace } from '${API}';`;

/** The names of the core entry that a page needs where the context manager is another. */
const withoutManager = [
  'composePromiseDomains',
  'currentPromiseDomain',
  'DomainPromise',
  'hasOtelPromiseDomain',
  'localOtelPromiseDomain',
  'localPromiseDomain',
  'observePromiseDomains',
  'withOtelPromiseDomain',
  'withOtelSpan',
  'withoutPromiseDomain',
  'withPromiseDomain',
];

const contents = {
  'core entry of this library, with its context manager': "export * from 'otel-promise-domain';",
  'core entry without it': `export { ${withoutManager} } from 'otel-promise-domain';`,
  '`withOtelSpan` and `DomainPromise` alone':
    "export { DomainPromise, withOtelSpan } from 'otel-promise-domain';",
  'zone.js': "import 'zone.js';",
  'zone.js and its context manager':
    "import 'zone.js'; export * from '@opentelemetry/context-zone-peer-dep';",
  Dexie: "export { Dexie } from 'dexie';",
};

/** Of files of their own, in bytes. */
const limits = [
  ['core entry of this library, with its context manager', 3000],
  ['core entry without it', 2500],
];

export async function sizes() {
  const apiAlone = await weigh(apiInUse);
  const measured = {};
  for (const [name, source] of Object.entries(contents)) {
    const alone = await weigh(source, [API]);
    const added = (await weigh(source + apiInUse)) - apiAlone;
    measured[name] = { alone, added };
  }
  const [core] = Object.values(measured);
  return {
    table: table(
      [
        'B minified and gzipped',
        'file of its own, API external',
        '× core entry',
        'added to a bundle with the API',
      ],
      Object.entries(measured).map(([name, { alone, added }]) => [
        name,
        alone,
        (alone / core.alone).toFixed(1),
        added,
      ]),
    ),
    targets: limits.map(([name, limit]) => {
      const { alone } = measured[name];
      return [
        `${name}, a file of its own, API external`,
        `at most ${limit} B`,
        `${alone} B`,
        verdict(alone <= limit),
      ];
    }),
  };
}
