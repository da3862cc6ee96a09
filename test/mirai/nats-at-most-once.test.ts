import { conformance } from './conformance.js';
import { useNatsServer } from './support/nats-engine.js';

await useNatsServer();
conformance('nats at most once');
