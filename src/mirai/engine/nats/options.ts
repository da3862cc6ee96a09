/** Where NATS is, and as whom to connect. */
export interface NatsConnectionOptions {
  /** URLs of servers of one cluster, such as `nats://10.0.0.5:4222`; the first that answers is taken. */
  servers: string | readonly string[];
  token?: string;
  user?: string;
  password?: string;
  /** File with the seed of an nkey. */
  nkeyFile?: string;
  /** File with a JWT and the seed of its nkey (`.creds`). */
  credentialsFile?: string;
  /** Files in PEM format: whom to trust, and, for mutual TLS, the certificate of this side with its key. */
  tls?: { caFile?: string; certFile?: string; keyFile?: string };
  /** Milliseconds that the first connection may take. Default: 10,000. */
  connectTimeout?: number;
}

export interface NatsOptions extends NatsConnectionOptions {
  /**
   * `'at-least-once'` keeps tasks in a JetStream stream until a result has arrived; `'at-most-once'` sends them by core NATS,
   * which needs no JetStream, and never runs one twice. Default: `'at-least-once'`.
   */
  delivery?: 'at-least-once' | 'at-most-once';
  /**
   * Whether tasks outlive their host: they stay in the stream when it goes, and their results are kept by `Mirai.key`.
   * Default: false.
   */
  durable?: boolean;
  /** Milliseconds after which a task of a daemon that has vanished is delivered again. Default: 5000. */
  ackWait?: number;
  /** How many times a task is started if every daemon that takes it vanishes. Default: 5. */
  deliveries?: number;
  /** On how many servers of a cluster tasks, results by key and large values are kept. Default: 1. */
  replicas?: number;
  /** Where the server keeps tasks. In memory they are lost with it, and sent again by their hosts. Default: `'file'`. */
  storage?: 'file' | 'memory';
  /** How many tasks the stream takes. What does not fit in waits at the host. Default: no limit. */
  maxMessages?: number;
  /** How many bytes the stream takes. Default: no limit. */
  maxBytes?: number;
  /**
   * Bytes of the arguments or of the result of a task, at most; daemons that were started elsewhere have their own. Default: 64
   * MiB.
   */
  largest?: number;
  /** Milliseconds for which results are kept by key. Default: a day. */
  keepResults?: number;
}

/** Options of a daemon that was started on its own. */
export interface NatsDaemonOptions extends NatsConnectionOptions {
  /** Name of the compute profile it works for. Default: `'default'`. */
  compute?: string;
  /** How many tasks it runs at a time, each in a slot of its own. Default: 1. */
  concurrency?: number;
  /** Whether slots are threads or processes. Default: `'threads'`. */
  engine?: 'threads' | 'processes';
  /**
   * What tasks may name: files, directories with all that is in them, `name=file`, which a host calls
   * `importTasks('mirai:name')`, and `*` for any module. All daemons of a profile need the same. Default: nothing.
   */
  modules?: readonly string[];
  /** Whether functions are run whose source a host sends: whoever may publish tasks can then run anything. Default: false. */
  allowSource?: boolean;
  /** URL or absolute path of a module that each slot loads first: its own OpenTelemetry SDK, say. */
  setup?: URL | string;
  /** After how many tasks it leaves. Default: no limit. */
  maxTasks?: number;
  /** After how many milliseconds without a task it leaves. Default: no limit. */
  idleTime?: number;
  /** After how many milliseconds it leaves, once its tasks have ended. Default: no limit. */
  wallTime?: number;
  /** How many milliseconds a task has to return after it was cancelled, before it is interrupted. Default: 200. */
  grace?: number;
  /**
   * Whether what tasks write goes to stdout and stderr, in lines that are marked with their slot; `'stderr'` is all of it to
   * stderr. Default: false.
   */
  output?: boolean | 'stderr';
  /** Whether spans are recorded for hosts that trace. Default: true. */
  tracing?: boolean;
  /** Bytes of the arguments or of the result of a task, at most. Default: 64 MiB. */
  largest?: number;
}

/** Why a daemon has left. */
export type LeaveReason = 'told' | 'maxTasks' | 'idleTime' | 'wallTime';

/** A daemon that was started on its own. */
export interface NatsDaemon extends AsyncDisposable {
  /** By which hosts and `otel-mirai status` know it. */
  readonly id: string;
  /** Resolves when it has left, with the reason; rejects then with what made it fail. */
  readonly left: Promise<LeaveReason>;
  /** Takes no more tasks, ends those that it has, hands over their results and spans, and disconnects. */
  leave(): Promise<void>;
}

/** What is to be seen of a profile on the server. */
export interface NatsStatus {
  compute: string;
  /** URL of the server that answered. */
  server: string;
  /** Tasks in the stream; `undefined` where there is none. `delivered` are in the hands of daemons. */
  queue: { waiting: number; delivered: number; redelivered: number; bytes: number } | undefined;
  daemons: readonly NatsDaemonStatus[];
}

export interface NatsDaemonStatus {
  id: string;
  hostname: string;
  pid: number;
  engine: 'threads' | 'processes';
  /** ISO 8601. */
  startedAt: string;
  slots: readonly NatsSlotStatus[];
}

export interface NatsSlotStatus {
  id: number;
  pid: number;
  threadId: number;
  state: 'idle' | 'executing' | 'leaving';
  completed: number;
}
