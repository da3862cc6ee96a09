// The names that the 2.x SDK has in two packages, from the one package of the 3.x SDK.
import * as sdk from '@opentelemetry/sdk-trace';

export * from '@opentelemetry/sdk-trace';

export const BasicTracerProvider = sdk.TracerProvider;

export class SimpleSpanProcessor extends sdk.SimpleSpanProcessor {
  constructor(exporter) {
    super({ exporter });
  }
}
