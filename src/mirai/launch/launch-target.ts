/** Where daemons that are started elsewhere find their profile. */
export interface LaunchTarget {
  /** URLs that hold no user and no password. */
  readonly servers: readonly string[];
  readonly compute: string;
  /** Secrets of the connection, such as `NATS_TOKEN`, for daemons on this machine; they go nowhere else. */
  readonly environment?: Readonly<Record<string, string>>;
}
