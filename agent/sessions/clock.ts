/** Wall time of boot-clock readings, by one offset a session. */

/** Wall time minus boot time, ns. Waits for the wall clock's next millisecond (it shows no more), so it is right to some microseconds. */
export function measureWallOffsetNs(bootNs: () => bigint): bigint {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  return BigInt(now) * 1_000_000n - bootNs();
}
