import { trace } from '@opentelemetry/api';
import { beforeEach, describe, onTestFinished, test } from 'vitest';
import { localOtelPromiseDomain } from '../../src/index.js';
import { recordTimeline } from '../../src/testing/index.js';
import { failOnLeaks } from '../../src/testing/vitest.js';
import { dispose } from '../support/dispose.js';

const tracer = trace.getTracer('library');

describe('failOnLeaks()', () => {
  failOnLeaks({ ignore: ({ name }) => name === 'background' });

  test.fails('fails a test that leaves a span open', () => {
    tracer.startSpan('open');
  });

  test.fails('fails a test that leaves a domain installed', () => {
    localOtelPromiseDomain();
  });

  test.fails('fails a test that records a program which leaves a span open', async () => {
    await recordTimeline(() => void tracer.startSpan('open'));
  });

  test('passes one that leaves nothing', () => {
    tracer.startSpan('ended').end();
    dispose(localOtelPromiseDomain());
  });

  test('passes one that leaves what is to be ignored', () => {
    tracer.startSpan('background');
  });

  test('passes one that ends its spans when it is finished', () => {
    const span = tracer.startSpan('op');
    onTestFinished(() => span.end());
  });

  test('passes one whose timer ends a span at once', () => {
    const span = tracer.startSpan('op');
    setTimeout(() => span.end());
  });

  describe('after a clean-up of hooks', () => {
    beforeEach(() => {
      const span = tracer.startSpan('op');
      return () => span.end();
    });

    test('passes', () => {});
  });
});
