import { Option } from 'commander';
import type { HttpBody } from '../../mirai/launch/http-body.js';
import { httpConfig } from '../../mirai/launch/http-config.js';
import { exitCodes, Failure, failureOf } from '../exit.js';
import { collect, positiveInteger } from '../parsers.js';
import { fileOf } from '../read-file.js';
import { daemonOf, given, launcher } from './launcher.js';

interface HttpFlags {
  n?: number;
  method?: string;
  header?: readonly string[];
  bearerFile?: string;
  body?: string;
  bodyFile?: string;
}

export const httpLauncher = launcher<HttpFlags>({
  name: 'http',
  summary: 'by a request to a service',
  description:
    "Sends a request. Every string '.' in its body, which is JSON, stands for the command of the daemon, as text for a shell.",
  examples: `  $ otel-mirai launch http --url nats://10.0.0.5:4222 --modules /srv/tasks --body '{"image":"my-image","command":"."}' https://jobs.example.org/v1/jobs
  With a token and other secret headers, which are not for a command line:
    $ otel-mirai launch http --url nats://10.0.0.5:4222 --modules /srv/tasks --bearer-file token --body-file job.json https://jobs.example.org/v1/jobs`,
  add(command) {
    command
      .argument('<address>', 'URL of the service')
      .addOption(new Option('-n <count>', 'how many requests (default: 1)').argParser(positiveInteger))
      .option('--method <method>', 'one that has a body (default: POST)')
      .addOption(new Option('--header <header>', "as 'name: value'; once for each").argParser(collect))
      .option('--bearer-file <file>', 'file with a token for the service')
      .addOption(new Option('--body <json>', 'the body').conflicts('bodyFile'))
      .option('--body-file <file>', 'file with the body');
  },
  config([url = ''], flags) {
    const { n, method, header = [], bearerFile, timeout } = flags;
    return httpConfig({
      url,
      headers: Object.fromEntries(header.map(pair)),
      body: bodyOf(flags),
      daemon: daemonOf(flags),
      ...given({ n, method, timeout }),
      ...(bearerFile !== undefined && { token: fileOf('--bearer-file', bearerFile).trim() }),
    });
  },
});

function pair(header: string): [name: string, value: string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(header) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new Failure(exitCodes.usage, "option '--header <header>': expected 'name: value'");
}

function bodyOf({ body, bodyFile }: HttpFlags): HttpBody {
  const option = body === undefined ? '--body-file' : '--body';
  const text = body ?? (bodyFile === undefined ? undefined : fileOf(option, bodyFile));
  if (text === undefined)
    throw new Failure(exitCodes.usage, "option '--body <json>' or '--body-file <file>' is missing");
  try {
    return JSON.parse(text) as HttpBody; // cast: httpConfig() looks at it
  } catch (error) {
    throw new Failure(exitCodes.usage, `option '${option}': expected JSON: ${failureOf(error).message}`);
  }
}
