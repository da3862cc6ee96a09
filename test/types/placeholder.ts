import * as core from 'otel-promise-domain';

// The entry resolves to declarations, not to `any`: an unknown export must be an error.
// @ts-expect-error no such export
export const missing: unknown = core.noSuchExport;
