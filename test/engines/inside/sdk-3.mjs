// The names that the 2.x SDK has in two packages, from the one package of the 3.x SDK.
import * as sdk from '../opentelemetry-3/node_modules/@opentelemetry/sdk-trace/dist/index.mjs';

export {
  InMemorySpanExporter,
  StackContextManager,
} from '../opentelemetry-3/node_modules/@opentelemetry/sdk-trace/dist/index.mjs';

export const BasicTracerProvider = sdk.TracerProvider;

export class SimpleSpanProcessor extends sdk.SimpleSpanProcessor {
  constructor(exporter) {
    super({ exporter });
  }
}
