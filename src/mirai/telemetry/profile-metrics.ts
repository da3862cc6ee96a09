import { type Attributes, metrics, type ObservableResult } from '@opentelemetry/api';
import { scope } from './scope.js';

/** What is observed when metrics are collected. */
export interface ProfileState {
  readonly awaiting: number;
  readonly executing: number;
  readonly connections: number;
}

/** The metrics of a profile, by the registered meter provider. */
export class ProfileMetrics {
  readonly #attributes: Attributes;
  readonly #completed;
  readonly #failed;
  readonly #queueTime;
  readonly #runTime;
  readonly #stop: () => void;

  constructor(compute: string, observe: () => ProfileState) {
    const meter = metrics.getMeter(scope);
    const attributes = { 'mirai.compute': compute };
    this.#attributes = attributes;
    const tasks = { unit: '{task}' };
    this.#completed = meter.createCounter('mirai.tasks.completed', {
      ...tasks,
      description: 'Tasks that have ended',
    });
    this.#failed = meter.createCounter('mirai.tasks.failed', {
      ...tasks,
      description: 'Tasks that have ended with an error, cancelled and lost ones among them',
    });
    const time = (description: string) => ({ unit: 's', description });
    this.#queueTime = meter.createHistogram('mirai.task.queue_time', time('From submission to start'));
    this.#runTime = meter.createHistogram('mirai.task.run_time', time('From start to end'));
    const gauges = [
      [meter.createObservableUpDownCounter('mirai.tasks.awaiting', tasks), 'awaiting'],
      [meter.createObservableUpDownCounter('mirai.tasks.executing', tasks), 'executing'],
      [meter.createObservableUpDownCounter('mirai.daemons', { unit: '{daemon}' }), 'connections'],
    ] as const;
    const stops = gauges.map(([gauge, key]) => {
      const callback = (result: ObservableResult) => result.observe(observe()[key], attributes);
      gauge.addCallback(callback);
      return () => gauge.removeCallback(callback);
    });
    this.#stop = () => {
      for (const stop of stops) stop();
    };
  }

  /** @param waited and `ran` in ms, where the task was run at all */
  ended(failed: boolean, waited?: number, ran?: number): void {
    this.#completed.add(1, this.#attributes);
    if (failed) this.#failed.add(1, this.#attributes);
    if (waited !== undefined) this.#queueTime.record(waited / 1000, this.#attributes);
    if (ran !== undefined) this.#runTime.record(ran / 1000, this.#attributes);
  }

  stop(): void {
    this.#stop();
  }
}
