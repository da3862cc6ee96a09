/** How a compute profile is called on the server. */
export interface Names {
  /** Stream of the tasks that wait. */
  readonly stream: string;
  /** Subjects of that stream: one for each host. */
  readonly tasks: string;
  taskOf(host: string): string;
  /** Subjects of tasks that are delivered at most once. */
  readonly direct: string;
  directOf(host: string): string;
  toHost(host: string): string;
  /** Where a host says how often a task was begun. */
  startsAt(host: string): string;
  readonly toHosts: string;
  toDaemon(daemon: string): string;
  readonly toDaemons: string;
  /** Where a daemon says whether it has claimed the key of a task. */
  claimsOf(daemon: string): string;
  /** Bucket of the results of tasks with a key. */
  readonly results: string;
  /** Bucket of values that are too large for a message. */
  readonly large: string;
  /** Name of the daemons in the service API. */
  readonly service: string;
}

/** Of the pull consumer that all daemons share, and of their queue group. */
export const group = 'daemons';

/** A name as a part of others: what they cannot hold becomes `mark` and the hexadecimal digits of its bytes. */
function toToken(name: string, mark: '=' | '_'): string {
  const plain = mark === '_' ? /^[A-Za-z0-9-]$/ : /^[A-Za-z0-9_-]$/;
  const hex = (byte: number) => `${mark}${byte.toString(16).padStart(2, '0')}`;
  return Array.from(name, (character) =>
    plain.test(character) ? character : Array.from(Buffer.from(character), hex).join(''),
  ).join('');
}

export function namesOf(compute: string): Names {
  const subject = `mirai.${toToken(compute, '=')}`;
  // Of streams, buckets and services, which may not hold a `=`.
  const name = toToken(compute, '_');
  return {
    stream: `MIRAI_${name}`,
    tasks: `${subject}.task.*`,
    taskOf: (host) => `${subject}.task.${host}`,
    direct: `${subject}.direct.*`,
    directOf: (host) => `${subject}.direct.${host}`,
    toHost: (host) => `${subject}.host.${host}`,
    startsAt: (host) => `${subject}.host.${host}.starts`,
    toHosts: `${subject}.hosts`,
    toDaemon: (daemon) => `${subject}.daemon.${daemon}`,
    toDaemons: `${subject}.daemons`,
    claimsOf: (daemon) => `${subject}.claims.${daemon}`,
    results: `MIRAI_${name}_results`,
    large: `MIRAI_${name}_large`,
    service: `mirai_${name}`,
  };
}
