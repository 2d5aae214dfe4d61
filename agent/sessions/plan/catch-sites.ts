/** Where threads go on after an exception or a panic of Rust, as sites of the program `park`: the calls deeper than the catching frame were left. */

import type { Bodies } from '../ports.js';
import type { RuntimeSites, StationPlanner } from './runtime-sites.js';

/** What cannot be probed is left out, and its calls are found out later. */
export function planCatching(catchers: readonly Bodies[], station: StationPlanner): RuntimeSites[] {
  return catchers.flatMap(({ mapped, rows }) => {
    const planned = rows.map((row) =>
      station(mapped, row, { name: mapped.image.functions.name(row), role: 'recover', owner: 'thread' }),
    );
    const sites = planned.filter((each) => typeof each !== 'string');
    return sites.length > 0 ? [{ mapped, sites }] : [];
  });
}
