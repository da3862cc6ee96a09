import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A TCP connection through which one side of a test reaches its server, and which can fail. */
export interface TcpProxy {
  url: string;
  /** How many connections there are now. */
  connections(): number;
  /** Bytes that have come through from the server. */
  received(): number;
  /** Resets all connections, and those that come until `mend()`. */
  cut(): void;
  /** Lets nothing through any more, in either direction, while connections stay open: what a lost network looks like. */
  stall(): void;
  /** The same in the direction from the server alone: its client does not read. */
  stallFromServer(): void;
  /** Ends what `cut()` and the others have begun; what was held back arrives. */
  mend(): void;
  stop(): void;
}

type State = 'whole' | 'cut' | 'stalled' | 'stalled from server';

export async function startProxy(port: number): Promise<TcpProxy> {
  let state: State = 'whole';
  let received = 0;
  const pairs = new Set<[client: Socket, server: Socket]>();

  const apply = () => {
    for (const [client, server] of pairs) {
      if (state === 'cut') client.destroy();
      (state === 'stalled' ? client.pause : client.resume).call(client);
      (state === 'whole' ? server.resume : server.pause).call(server);
    }
  };
  const change = (next: State) => () => {
    state = next;
    apply();
  };

  const listener = createServer((client) => {
    const server = createConnection(port, '127.0.0.1');
    const pair: [Socket, Socket] = [client, server];
    pairs.add(pair);
    server.on('data', (data) => {
      received += data.length;
    });
    forward(client, server);
    forward(server, client);
    for (const socket of pair) {
      socket.on('error', () => {}); // `close` comes after it
      socket.on('close', () => {
        pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
    }
    apply();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port: own } = listener.address() as AddressInfo; // cast: it listens on a port
  return {
    url: `nats://127.0.0.1:${own}`,
    connections: () => pairs.size,
    received: () => received,
    cut: change('cut'),
    stall: change('stalled'),
    stallFromServer: change('stalled from server'),
    mend: change('whole'),
    stop() {
      change('cut')();
      listener.close();
    },
  };
}

/** As `pipe()`, which would resume a socket that was paused by others. */
function forward(from: Socket, to: Socket): void {
  from.on('data', (data) => to.write(data));
}
