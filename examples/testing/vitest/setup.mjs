import { failOnLeaks } from 'otel-promise-domain/testing/vitest';

failOnLeaks();
