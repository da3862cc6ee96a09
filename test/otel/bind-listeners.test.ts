import { EventEmitter } from 'node:events';
import { createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';

const manager = new DomainContextManager();
const key = createContextKey('name');
const A = ROOT_CONTEXT.setValue(key, 'A');
const active = () => manager.active().getValue(key);

test('an EventTarget adds and removes a listener, with options, as one that is not bound', () => {
  const calls = (target: EventTarget) => {
    const seen: unknown[] = [];
    const listener = () => seen.push(active());
    const dispatch = () => target.dispatchEvent(new Event('event')) && seen.splice(0).length;
    for (const capture of [true, false]) {
      target.addEventListener('event', listener, capture);
      target.addEventListener('event', listener, { capture });
    }
    const counts = [dispatch()];
    for (const options of [true, undefined, { capture: true }, { capture: false }]) {
      target.removeEventListener('event', listener, options);
      counts.push(dispatch());
    }
    return counts;
  };
  expect(calls(manager.bind(A, new EventTarget()))).toEqual(calls(new EventTarget()));
});

test('an EventTarget calls handleEvent as it is at the event, with its object as this', () => {
  const seen: unknown[] = [];
  const listener = {
    name: 'listener',
    handleEvent(): void {
      throw new Error('replaced');
    },
  };
  const target = manager.bind(A, new EventTarget());
  target.addEventListener('event', listener);
  listener.handleEvent = function () {
    seen.push([this.name, active()]);
  };
  target.dispatchEvent(new Event('event'));
  target.removeEventListener('event', listener);
  target.dispatchEvent(new Event('event'));
  expect(seen).toEqual([['listener', 'A']]);
});

test('an EventTarget takes options, and no listener', () => {
  let calls = 0;
  const target = manager.bind(A, new EventTarget());
  Reflect.apply(target.addEventListener, target, ['event', null]);
  target.addEventListener('event', () => calls++, { once: true });
  const controller = new AbortController();
  target.addEventListener('event', () => calls++, { signal: controller.signal });
  target.dispatchEvent(new Event('event'));
  controller.abort();
  target.dispatchEvent(new Event('event'));
  expect(calls).toBe(2);
  expect(() => Reflect.apply(target.addEventListener, target, ['event'])).toThrow(TypeError);
});

test('a listener that was added before the target was bound is removed by what was added', () => {
  const seen: unknown[] = [];
  const listener = () => seen.push(active());
  const emitter = new EventEmitter().on('event', listener);
  manager.bind(A, emitter).on('event', listener);
  emitter.emit('event');
  expect(seen.splice(0)).toEqual([undefined, 'A']);
  emitter.off('event', listener).off('event', listener).emit('event');
  expect(seen).toEqual([]);
});

test('the same listener added twice to an emitter is called twice, and removed once at a time', () => {
  let calls = 0;
  const listener = () => calls++;
  const emitter = manager.bind(A, new EventEmitter());
  emitter.on('event', listener).once('event', listener).emit('event');
  expect(calls).toBe(2);
  emitter.emit('event');
  expect(calls).toBe(3);
  emitter.off('event', listener).emit('event');
  expect(calls).toBe(3);
});

test('a frozen emitter stays as it is', () => {
  const seen: unknown[] = [];
  const emitter = Object.freeze({ on: (_event: string, listener: () => void) => listener() });
  expect(manager.bind(A, emitter)).toBe(emitter);
  emitter.on('event', () => seen.push(active()));
  expect(seen).toEqual([undefined]);
});
