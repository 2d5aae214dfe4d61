/** Commands that belong to Coral and are not in this version: what is missing, and what to do meanwhile. */

export const NOT_BUILT: Readonly<Record<string, { readonly missing: string; readonly meanwhile: string }>> = {
  ask: {
    missing: 'does not answer questions',
    meanwhile: 'measure and see: coral debug attach SERVICE --function NAME, or coral top',
  },
  auth: {
    missing: 'has no certificates and no roles',
    meanwhile: 'who reaches a colony may probe: keep it to its unix socket, or to a network that you trust',
  },
  mcp: {
    missing: 'is no Model Context Protocol server',
    meanwhile: 'give the program these commands instead: --format json is made for programs',
  },
};
