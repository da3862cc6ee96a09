import type { NatsStatus } from '../mirai/engine/nats/options.js';

const headings = ['daemon', 'host', 'pid', 'engine', 'up', 'slot', 'state', 'completed'];

/** Of columns that hold numbers. */
const toTheRight = new Set(['pid', 'up', 'slot', 'completed']);

/** @param now milliseconds since the epoch */
export function statusText(status: NatsStatus, now: number): string {
  const { compute, server, queue, daemons } = status;
  const rows = daemons.flatMap((daemon) => {
    const { id, hostname, pid, engine, startedAt, slots } = daemon;
    const start = [id, hostname, String(pid), engine, elapsed(now - Date.parse(startedAt))];
    if (slots.length === 0) return [[...start, '', '', '']];
    return slots.map(({ id: slot, state, completed }, index) => [
      ...(index === 0 ? start : start.map(() => '')),
      ...[String(slot), state, String(completed)],
    ]);
  });
  const slots = daemons.reduce((sum, daemon) => sum + daemon.slots.length, 0);
  return [
    `profile  ${printable(compute)}`,
    `server   ${printable(server)}`,
    `queue    ${queue ? `${queue.waiting} waiting, ${queue.delivered} delivered, ${queue.redelivered} redelivered, ${size(queue.bytes)}` : 'none'}`,
    `daemons  ${daemons.length}, with ${slots} ${slots === 1 ? 'slot' : 'slots'}`,
    ...(rows.length === 0 ? [] : ['', ...table([headings, ...rows])]),
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return toTheRight.has(headings[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** What daemons say of themselves cannot steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}

/** A time in its largest unit. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (Number.isNaN(seconds)) return '?';
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}
