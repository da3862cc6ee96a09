import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { NatsStatus } from '../mirai/engine/nats/options.js';
import {
  addConnectTimeout,
  addIdentityFlags,
  addServerFlags,
  type ConnectionFlags,
  connectionOf,
  environmentHelp,
} from './connection-flags.js';
import { exitCodes, failureOf } from './exit.js';
import { LiveText } from './live-text.js';
import { natsLibrary } from './nats-library.js';
import { timeFrom1, timesHelp } from './parsers.js';
import { elapsed, printable, statusText } from './status-text.js';

interface StatusFlags extends ConnectionFlags {
  compute: string;
  json?: boolean;
  /** Milliseconds. */
  watch?: number | true;
}

const help = `
Of the queue, 'waiting' tasks have no daemon yet, 'delivered' ones are in the hands of daemons, and 'redelivered'
ones are there not for the first time, because a daemon had vanished.

With --json, it is {"compute","server","queue":{"waiting","delivered","redelivered","bytes"},"daemons":[{"id","hostname",
"pid","engine","startedAt","slots":[{"id","pid","threadId","state","completed"}]}]}; where there is no stream, there is no
"queue".
${timesHelp}
${environmentHelp}

Exit codes:
  0  done; with --watch, ended by SIGINT or SIGTERM
  1  packages are missing, or something else failed
  2  wrong usage
  3  the server could not be reached, or refused; with --watch, at the first look: later on it says so, and goes on

Examples:
  $ otel-mirai status --url nats://10.0.0.5:4222
  $ otel-mirai status --url nats://10.0.0.5:4222 --compute gpu --watch 5s
  $ otel-mirai status --json | jq '.queue.waiting'`;

export function addStatusCommand(program: Command): void {
  const command = program
    .command('status')
    .summary('show the queue and the daemons of a compute profile')
    .description('Shows how many tasks wait, and which daemons there are.');
  addConnectTimeout(addIdentityFlags(addServerFlags(command, true)))
    .option('--watch [time]', 'show it again every 1s, or as often as given', timeFrom1)
    .option('--json', 'write JSON; with --watch an object in each line')
    .addHelpText('after', help)
    .action(showStatus);
}

async function showStatus(flags: StatusFlags): Promise<void> {
  const { compute, json, watch } = flags;
  const options = { ...connectionOf(flags, process.env), compute };
  const { natsStatus } = await natsLibrary();
  const live = new LiveText(process.stdout);
  const show = (status: NatsStatus) => {
    if (json) process.stdout.write(`${JSON.stringify(status)}\n`);
    else if (watch === undefined) process.stdout.write(`${statusText(status, Date.now())}\n`);
    else live.show(statusText(status, Date.now()));
  };
  if (watch !== undefined) {
    const end = () => process.exit(exitCodes.done);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
    // Nobody reads it any more.
    process.stdout.on('error', end);
  }
  let last = await statusOf(() => natsStatus(options));
  show(last);
  if (watch === undefined) return;
  for (let heard = Date.now(); ; ) {
    await delay(watch === true ? 1000 : watch);
    try {
      last = await natsStatus(options);
      heard = Date.now();
      show(last);
    } catch (error) {
      // It may come back.
      const why = `no answer for ${elapsed(Date.now() - heard)}: ${printable(failureOf(error).message)}`;
      if (json) process.stderr.write(`warning: ${why}\n`);
      else live.show(`${statusText(last, heard)}\n\n${why}`);
    }
  }
}

async function statusOf(ask: () => Promise<NatsStatus>): Promise<NatsStatus> {
  try {
    return await ask();
  } catch (error) {
    throw failureOf(error);
  }
}
