import test from 'ava';
import iced from 'iced-x86';
import { openImage } from '../symbols/open-image.js';
import { decodeCode, FLOW } from './decode.js';

/** Offsets of instructions, and where jumps lead, as the decoder alone has them. */
function decodedPlainly(bytes: Uint8Array) {
  const decoder = new iced.Decoder(64, bytes, iced.DecoderOptions.None);
  const rows: string[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const instruction = decoder.decode();
    const { code, length, flowControl, nearBranch32 } = instruction;
    instruction.free();
    if (code === iced.Code.INVALID) break;
    rows.push(row(offset, length, FLOWS.get(flowControl) ?? FLOW.next, nearBranch32 | 0));
    offset += length;
  }
  decoder.free();
  return rows;
}

const { FlowControl } = iced;
const FLOWS = new Map<number, number>([
  [FlowControl.UnconditionalBranch, FLOW.jump],
  [FlowControl.IndirectBranch, FLOW.jumpIndirect],
  [FlowControl.ConditionalBranch, FLOW.jumpIf],
  [FlowControl.XbeginXabortXend, FLOW.jumpIf],
  [FlowControl.Return, FLOW.return],
  [FlowControl.Call, FLOW.call],
  [FlowControl.IndirectCall, FLOW.call],
  [FlowControl.Interrupt, FLOW.trap],
  [FlowControl.Exception, FLOW.trap],
]);

const row = (offset: number, length: number, flow: number, target: number): string =>
  `${offset}+${length} flow ${flow}${flow === FLOW.jump || flow === FLOW.jumpIf ? ` to ${target}` : ''}`;

function decodedByShapes(bytes: Uint8Array): string[] {
  const { count, offsets, lengths, flows, targets } = decodeCode(bytes, 0);
  return Array.from({ length: count }, (_, i) => row(offsets[i]!, lengths[i]!, flows[i]!, targets[i]!));
}

/** Numbers up to `limit`, the same in each run. */
function numbers(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

const PREFIXES = [
  0x66, 0xf2, 0xf3, 0x64, 0x65, 0x2e, 0x3e, 0x67, 0xf0, 0x40, 0x41, 0x44, 0x48, 0x49, 0x4c, 0x4f, 0x0f, 0xc5, 0x62,
];

test('whatever the bytes, a shape says what the decoder says', (t) => {
  const upTo = numbers();
  const wrong: string[] = [];
  for (let turn = 0; turn < 300_000; turn++) {
    const prefixes = Array.from({ length: upTo(4) }, () => PREFIXES[upTo(PREFIXES.length)]!);
    const bytes = Uint8Array.from([...prefixes, ...Array.from({ length: 1 + upTo(12) }, () => upTo(256))]);
    const [found, expected] = [decodedByShapes(bytes).join(), decodedPlainly(bytes).join()];
    if (found !== expected) wrong.push(`${Buffer.from(bytes).toString('hex')}: ${found}, not ${expected}`);
  }
  t.deepEqual(wrong.slice(0, 5), []);
});

test('functions of a large program decode as by the decoder alone', (t) => {
  const { text, functions } = openImage(process.execPath);
  for (let row = 0; row < functions.count; row += 50) {
    const bytes = text(row);
    t.deepEqual(decodedByShapes(bytes), decodedPlainly(bytes), functions.name(row));
  }
});
