import 'zone.js';
import { ZoneContextManager } from '@opentelemetry/context-zone-peer-dep';
import { describeContextManager } from '../support/context-manager-suite.js';

describeContextManager('ZoneContextManager', () => new ZoneContextManager(), {
  thisInWith: undefined,
  bindsActive: false,
  activeWhileDisabled: false,
  bindsEmitters: false,
  bindsEventTargets: true,
  attaches: false,
  keeps: { nativeThen: true, timer: true, nativeAwait: false, domainAwait: false },
});
