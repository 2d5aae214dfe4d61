/** The two ways to name a service: by its name, or one process of it as `pid:N`. Pure. */

/** The process of `pid:N`; undefined: a name. */
export function pidOf(asked: string): number | undefined {
  const digits = /^pid:(\d+)$/.exec(asked)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a session is one of `asked`: a service's name, or `pid:N` for those that probed that process. Empty: all are. */
export function isOfService(session: { readonly serviceName: string; readonly pids: readonly number[] }, asked: string): boolean {
  const pid = pidOf(asked);
  return asked === '' || (pid === undefined ? session.serviceName === asked : session.pids.includes(pid));
}
