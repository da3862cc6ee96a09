import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { scratchFolder } from './scratch.js';

/** A task that has come to a gate. */
export interface Visitor {
  label: string;
  pid: number;
  threadId: number;
  /** Lets the task go on; it returns `value`. */
  release(value?: unknown): void;
  /** Sends a line without an end to it. */
  say(): void;
  /** The next line that the task sends, `undefined` when it or its daemon has gone. */
  heard(): Promise<string | undefined>;
}

export interface Gate {
  path: string;
  /** The next task that comes, whichever it is. */
  next(): Promise<Visitor>;
  /** The labels of all that have come, in their order. */
  came: readonly string[];
}

/** Where tasks of every engine tell the host that they run, and wait until they are let go: `tasks/gate.mjs`. */
export async function openGate(): Promise<Gate> {
  const path = join(scratchFolder(), 'gate');
  const came: string[] = [];
  const here: Visitor[] = [];
  const awaited: ((visitor: Visitor) => void)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // a daemon that is lost resets the connection
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const heard = async () => (await lines.next()).value as string | undefined; // cast: lines are strings
    const hello = await heard();
    if (hello === undefined) return;
    const visitor: Visitor = {
      ...(JSON.parse(hello) as Pick<Visitor, 'label' | 'pid' | 'threadId'>), // cast: `arrive` sends it
      release: (value) => void socket.end(`${JSON.stringify(value ?? null)}\n`),
      say: () => void socket.write('.'),
      heard,
    };
    came.push(visitor.label);
    const waiter = awaited.shift();
    if (waiter) waiter(visitor);
    else here.push(visitor);
  });
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const next = () =>
    new Promise<Visitor>((resolve) => {
      const visitor = here.shift();
      if (visitor) resolve(visitor);
      else awaited.push(resolve);
    });
  return { path, next, came };
}
