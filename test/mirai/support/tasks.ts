import { importTasks } from './library.js';

interface Values {
  echo(value: unknown): unknown;
  echoLater(value: unknown): Promise<unknown>;
  echoThenable(value: unknown): PromiseLike<unknown>;
  add(a: number, b: number): number;
  count(...values: unknown[]): number;
  show(value: unknown): string;
  same(a: unknown, b: unknown): boolean;
  default(value: string): string;
  /** It is none, which its importer does not know. */
  notCallable(): unknown;
  /** There is none of this name. */
  missing(): unknown;
  makeUncloneable(kind: string): unknown;
  bytes(array: Uint8Array): number[];
  fill(buffer: ArrayBuffer, byte: number): ArrayBuffer;
  addTo(shared: SharedArrayBuffer, amount: number): number;
  addToView(view: Int32Array, amount: number): void;
  addToViews(views: { list: Int32Array[] }, amount: number): void;
  describeViews(bytes: Uint8Array, view: DataView): unknown[];
  makeViews(): [Uint8Array, DataView];
  answerOn(port: unknown): void;
}

interface Later {
  later(value: unknown, milliseconds: number): Promise<unknown>;
}

interface Notes {
  note(path: string, line: string): string;
  noteAfterTurns(path: string, line: string, count: number): Promise<string>;
  noteAndSpin(path: string, line: string): never;
  noteOrFail(line: string, path: string): string;
  place(): string;
}

type Held = (path: string, label: string) => Promise<unknown>;

interface GateTasks {
  hold: Held;
  holdThenThrow: Held;
  holdUntilAborted: Held;
  holdForEver: Held;
  spin: Held;
  holdForGlobal: Held;
  holdSeldom(label: string, path: string): Promise<unknown> | string;
  holdAs(label: string, path: string): Promise<unknown>;
  noteOrHold(label: string, notes: string, path: string): Promise<unknown>;
  report(label: string, path: string, fractions: number[]): Promise<string>;
}

interface Errors {
  give(kind: string): unknown;
  make(kind: string): unknown[];
  fail(kind: string): never;
  failLater(kind: string): Promise<never>;
  namedFrame(kind: string): never;
}

interface State {
  setGlobal(name: string, value: unknown): void;
  getGlobal(name: string): unknown;
  addToGlobal(name: string): number;
  setEnvironment(name: string, value: string): void;
  getEnvironment(name: string): string | undefined;
  changeFolder(path: string): void;
  folder(): string;
  countCalls(): number;
}

interface Self {
  whoAmI(): { id: number; aborted: boolean; recording: boolean; onDaemon: boolean } | undefined;
  idAndSignal(value: number): Promise<[id: number, aborted: boolean, value: number]>;
  idAfterTurns(count: number): Promise<number | undefined>;
  randoms(count: number): number[];
  ownRandoms(count: number): number[];
  startDaemons(n: number): Promise<string>;
}

interface Faults {
  exit(code: number): never;
  exitLater(path: string, code: number): Promise<never>;
  holdOrExit(path: string, label: string): Promise<unknown>;
  runOutOfMemory(): never;
  leaveRejection(message: string): string;
  throwInTimer(message: string): Promise<never>;
  abort(): never;
  noteSeldomDie(line: string, path: string): string;
  noteAndDie(path: string, line: string, deaths: number): number;
}

const at = <M>(name: string) => importTasks<M>(new URL(`../tasks/${name}.mjs`, import.meta.url));

/** The modules of `tasks/`, as their importers see them. */
export const tasks = {
  values: at<Values>('values'),
  later: at<Later>('later'),
  notes: at<Notes>('notes'),
  gate: at<GateTasks>('gate'),
  errors: at<Errors>('errors'),
  state: at<State>('state'),
  self: at<Self>('self'),
  faults: at<Faults>('faults'),
};

/** One that is no module with tasks, by the name of its file. */
export const brokenModule = (name: string) => at<{ task(): unknown }>(name).task;
