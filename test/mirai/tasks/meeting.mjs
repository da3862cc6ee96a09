import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Where `count` tasks wait for each other. */
export async function openMeeting(count) {
  const sockets = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    if (sockets.length === count) for (const each of sockets) each.end('go');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, close: () => server.close() };
}

export async function meet(port) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'data');
  socket.destroy();
}
