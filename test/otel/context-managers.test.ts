import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { DomainContextManager } from '../../src/index.js';
import { describeContextManager } from '../support/context-manager-suite.js';

describeContextManager('DomainContextManager', () => new DomainContextManager(), {
  thisInWith: undefined,
  bindsActive: true,
  activeWhileDisabled: true,
  bindsEmitters: true,
  bindsEventTargets: true,
  attaches: true,
  keeps: { nativeThen: false, timer: false, nativeAwait: false, domainAwait: true },
});

describeContextManager('AsyncLocalStorageContextManager', () => new AsyncLocalStorageContextManager(), {
  thisInWith: null,
  bindsActive: false,
  activeWhileDisabled: true,
  bindsEmitters: true,
  bindsEventTargets: false,
  attaches: true,
  keeps: { nativeThen: true, timer: true, nativeAwait: true, domainAwait: true },
});

describeContextManager('StackContextManager', () => new StackContextManager(), {
  thisInWith: undefined,
  bindsActive: true,
  activeWhileDisabled: true,
  bindsEmitters: false,
  bindsEventTargets: false,
  attaches: false,
  keeps: { nativeThen: false, timer: false, nativeAwait: false, domainAwait: false },
});
