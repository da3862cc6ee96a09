export const target = { servers: ['nats://10.0.0.5:4222'], compute: 'default' };

/** What daemons are started with there. */
export const daemonLine = 'npx --no otel-mirai daemon --url nats://10.0.0.5:4222 --compute default';
