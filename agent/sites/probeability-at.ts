/** What the kernel can do with an instruction of decoded code. */

import { type Decoded, instructionBytes } from './decode.js';
import { type Probeability, probeability } from './kernel-opcodes.js';
import { rememberedByBytes } from './remembered-bytes.js';

export const probeabilityAt: (code: Decoded, index: number) => Probeability = rememberedByBytes((code, index) =>
  probeability(instructionBytes(code, index)),
);
