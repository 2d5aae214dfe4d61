import test from 'ava';
import type { Image } from '../symbols/image.js';
import { decideSites } from './decide-sites.js';
import { FAKE_ADDRESS, type FakeCode, fakeImage } from './fake-code.js';
import type { PlannedSite, SitePlan, SiteRefusal } from './plan.js';

/** cmp rsp,[r14+10h]; jbe to the last instruction but one; push rbp; mov rbp,rsp; pop rbp; ret; call; jmp start. */
const CHECKED = '49 3b 66 10 76 06 55 48 89 e5 5d c3 e8 00 00 00 00 eb ed';
const go = {};

function plan(code: FakeCode): SitePlan {
  const decision = decideSites(fakeImage(code), 0);
  if (!decision.ok) throw new Error(`refused: ${decision.code} ${decision.reason}`);
  return decision;
}

function refusal(code: FakeCode): SiteRefusal {
  const decision = decideSites(fakeImage(code), 0);
  if (decision.ok) throw new Error(`planned ${decision.sites.length} sites`);
  return decision;
}

const brief = ({ role, address, instruction, cost, jbe }: PlannedSite): string =>
  `${role} +${address - FAKE_ADDRESS} ${instruction} ${cost}${jbe ? ' jbe' : ''}`;

const sites = (code: FakeCode): string[] => plan(code).sites.map(brief);

test('a Go function is entered at the PUSH behind its stack check', (t) => {
  t.deepEqual(sites({ code: CHECKED, go }), ['entry +6 push rbp emulated', 'return +11 ret stepped']);
  t.is(plan({ code: CHECKED, go }).owner, 'g_r14');
});

test('without a PUSH behind the check the entry is the JBE, whose taken hits do not count', (t) => {
  const code = '49 3b 66 10 76 09 48 83 ec 08 48 83 c4 08 c3 e8 00 00 00 00 eb ea';
  t.deepEqual(sites({ code, go }), ['entry +4 jbe 0x100F emulated jbe', 'return +14 ret stepped']);
});

test('the check of a large frame is recognised', (t) => {
  const lea = '4c 8d 64 24 80 4d 3b 66 10 76 06 55 48 89 e5 5d c3 90 eb ec';
  t.deepEqual(sites({ code: lea, go })[0], 'entry +11 push rbp emulated');
  const huge = '49 89 e4 49 81 ec 00 20 00 00 72 0e 4d 3b 66 10 76 08 55 48 89 e5 5d c3 90 90 90 eb e3';
  t.is(sites({ code: huge, go })[0], 'entry +18 push rbp emulated');
});

test('a check that takes g from thread-local storage makes the goroutine be found there', (t) => {
  const code = '64 48 8b 0c 25 f8 ff ff ff 48 3b 61 10 76 03 55 5d c3 90 eb e9';
  t.is(plan({ code, go }).owner, 'g_tls');
  t.is(sites({ code, go })[0], 'entry +15 push rbp emulated');
});

test('a wrapper that loads R14 itself does not have g there on entry', (t) => {
  t.is(plan({ code: '55 48 89 e5 64 4c 8b 34 25 f8 ff ff ff 5d c3', go }).owner, 'g_tls');
});

test('a function that loads R14 again behind a call has g there on entry', (t) => {
  t.is(plan({ code: '55 48 89 e5 e8 00 10 00 00 64 4c 8b 34 25 f8 ff ff ff 5d c3', go }).owner, 'g_r14');
});

test('assembly is owned through thread-local storage, or only counted when g is not there', (t) => {
  t.is(plan({ code: '55 5d c3', go: { isAssembly: () => true } }).owner, 'g_tls');
  const plain = plan({ code: '55 5d c3', go: { isAssembly: () => true, gInThreadLocal: false } });
  t.regex(plain.untimedReason, /other thread-local variables/);
});

test('a function that switches stacks is counted, never timed', (t) => {
  const switching = plan({ code: '55 5d c3', go: { switchesStacks: () => true } });
  t.deepEqual(switching.sites.map(brief), ['entry +0 push rbp emulated']);
  t.regex(switching.untimedReason, /switches stacks/);
});

test('a C function is entered at the push behind endbr64', (t) => {
  t.deepEqual(sites({ code: 'f3 0f 1e fa 55 5d c3' }), ['entry +4 push rbp emulated', 'return +6 ret stepped']);
  t.is(plan({ code: 'f3 0f 1e fa 55 5d c3' }).owner, 'thread');
});

test('a cheaper instruction further on is taken only while stack pointer and arguments are untouched', (t) => {
  const untouched = '89 f8 74 02 ff c0 c3'; // mov eax,edi; je
  t.is(sites({ code: untouched })[0], 'entry +2 je 0x1006 emulated');
  const argumentWritten = '89 c7 74 02 ff c0 c3'; // mov edi,eax; je
  t.is(sites({ code: argumentWritten })[0], 'entry +0 mov edi,eax stepped');
  const stackMoved = '48 83 ec 08 53 5b 48 83 c4 08 c3'; // sub rsp,8; push rbx
  t.is(sites({ code: stackMoved })[0], 'entry +0 sub rsp,0x8 stepped');
});

test('an atomic counter as the first instruction moves the entry behind it', (t) => {
  t.is(sites({ code: 'f0 ff 07 89 f8 c3' })[0], 'entry +3 mov eax,edi stepped');
});

test('neither FWAIT nor what follows it is a site', (t) => {
  t.is(refusal({ code: '9b d8 ae 7e 30 29 c2 c3' }).code, 'UNPROBEABLE_INSTRUCTION'); // fwait; fsubr dword ptr [rsi-…]; ret
  t.is(refusal({ code: '41 9b 40 d9 b6 b3 f5 48 83 c3' }).code, 'UNPROBEABLE_INSTRUCTION'); // rex.b fwait; rex fnstenv [rsi-…]; ret
});

test('a 5-byte nop is never a site', (t) => {
  t.is(sites({ code: '0f 1f 44 00 00 89 f8 c3' })[0], 'entry +5 mov eax,edi stepped');
});

test('a function of one RET has entry and exit in one site', (t) => {
  t.deepEqual(sites({ code: 'c3' }), ['entry_return +0 ret stepped']);
});

test('a jump out of the function ends the call', (t) => {
  t.deepEqual(sites({ code: '55 5d e9 00 10 00 00' }), ['entry +0 push rbp emulated', 'return +2 jmp 0x2007 emulated']);
});

test('a loop to the first instruction would count its turns as calls', (t) => {
  t.is(refusal({ code: 'ff cf 75 fc c3' }).code, 'ENTRY_IS_JUMP_TARGET');
});

test('a jump into the middle of an instruction is refused, past a LOCK prefix it is not', (t) => {
  t.is(refusal({ code: '55 74 01 b8 90 90 90 90 5d c3' }).code, 'JUMP_INTO_INSTRUCTION');
  t.is(sites({ code: '55 74 01 f0 ff 07 5d c3' })[0], 'entry +0 push rbp emulated');
});

test('bytes that are no instruction refuse the function', (t) => {
  t.deepEqual(refusal({ code: '55 06 5d c3' }), {
    ok: false,
    code: 'UNDECODABLE',
    reason: 'the bytes at 0x1001 are no instruction that we know',
  });
});

test('a RET where the stack is not at the return address refuses the function', (t) => {
  const refused = refusal({ code: CHECKED, go, depths: { 11: 8 } });
  t.is(refused.code, 'STACK_DEPTH_DISAGREES');
  t.is(refused.reason, 'the stack depth at the exit 0x100b is 8, not 0');
});

test('behind the restored frame pointer older frame information is not believed', (t) => {
  const code = { code: '55 48 89 e5 5d c3', depths: { 5: 8 } };
  t.deepEqual(sites(code), ['entry +0 push rbp emulated', 'return +5 ret stepped']);
  const plain = refusal({ code: '55 48 89 e5 5b c3', depths: { 5: 8 } });
  t.is(plain.code, 'STACK_DEPTH_DISAGREES');
});

test('a jump to the first byte behind the function with the frame on the stack is no exit: what it follows never returns', (t) => {
  const code = '55 74 02 5d c3 e8 00 00 00 00 eb 00';
  t.deepEqual(sites({ code, depths: { 5: 8, 10: 8 } }), ['entry +0 push rbp emulated', 'return +4 ret stepped']);
  t.deepEqual(sites({ code, depths: {} }).length, 3);
});

test('the calls of a function without a return are followed from its entry alone', (t) => {
  const endless = plan({ code: '55 48 89 e5 eb fe', go });
  t.is(endless.untimedReason, '');
  t.deepEqual(
    endless.sites.map(({ role, endless }) => [role, endless]),
    [['entry', true]],
  );
  t.regex(endless.sites[0]!.proof.at(-1)!, /has no return/);
});

test('a conditional jump to another function ends the calls that take it', (t) => {
  const code = '55 5d 0f 84 00 10 00 00 c3';
  const ended = plan({ code, others: [0x2008] });
  t.deepEqual(ended.sites.map(brief), ['entry +0 push rbp emulated', 'return +2 je 0x2008 emulated', 'return +8 ret stepped']);
  t.deepEqual(
    ended.sites.map(({ condition }) => condition),
    [undefined, 4, undefined],
  );
  const [both] = plan({ code: '85 ff 7e 7c c3', others: [0x1080] }).sites;
  t.is(brief(both!), 'entry_return +2 jle 0x1080 emulated');
  t.is(both!.condition, 14);
});

test('a conditional jump out of the function to who knows where, with a frame, or by RCX cannot be timed', (t) => {
  const code = '55 5d 0f 84 00 10 00 00 c3';
  for (const jump of [{ code }, { code, others: [0x2008], depths: { 2: 8 } }, { code: '55 5d e3 7c c3', others: [0x1080] }]) {
    t.regex(plan(jump).untimedReason, /conditional jump at 0x1002 leaves/);
  }
});

test('a moved part belongs to the function: its RET is an exit, the jump to it is none', (t) => {
  const part = { address: 0x3000, code: '5d c3' };
  const code = '55 0f 84 f9 1f 00 00 5d c3'; // je 0x3000
  t.deepEqual(sites({ code, part }), ['entry +0 push rbp emulated', 'return +8 ret stepped', 'return +8193 ret stepped']);
});

test('parts that overlap, or that never come to an end, are no body', (t) => {
  const jump = '55 0f 84 f9 1f 00 00 5d c3'; // je 0x3000
  const part = { address: 0x3000, code: '0f 84 fa 0f 00 00 5d c3' }; // je 0x4000
  const overlapping = { code: jump, depths: { 1: 8, 8192: 8 }, ranges: () => ({ address: FAKE_ADDRESS, size: 0x4000 }) };
  t.deepEqual(refusal(overlapping).code, 'BODY_INCOMPLETE');
  // The file ends before the part does: what it jumps to behind that is the same part again.
  const cut = { ...overlapping, part, ranges: () => ({ address: 0x3000, size: 0x4000 }) };
  t.is(refusal(cut).reason, 'its part at 0x3000 overlaps another one');
  const image = fakeImage({ code: jump, ranges: (address) => ({ address, size: 8 }) });
  const jumpOn = Buffer.from('0f84fa0f00005dc3', 'hex'); // je 0x1000 further on
  const read = (address: number, size: number) => image.read(address, size) ?? jumpOn;
  const decision = decideSites({ ...image, read: read as Image['read'], stackDepth: () => 8 }, 0);
  t.is(decision.ok ? '' : decision.code, 'BODY_INCOMPLETE');
  t.regex(decision.ok ? '' : decision.reason, /scattered over too many parts/);
});

test('bytes without sense are refused in time, however many', (t) => {
  const MEGABYTE = 1024 * 1024;
  const refusalOf = (bytes: string) =>
    refusal({ code: bytes.repeat(MEGABYTE / (bytes.length / 2)), pointers: { 0: 0x1000 } }).code;
  const before = process.cpuUsage();
  t.is(refusalOf('c3'), 'TOO_MANY_SITES');
  t.is(refusalOf('ffe0'), 'TOO_MANY_SITES');
  t.is(refusalOf('e900000010'), 'TOO_MANY_SITES');
  t.true(process.cpuUsage(before).user / 1e6 < 10);
});

test('an indirect jump through a table of the function stays inside', (t) => {
  // lea rdx,[rip+0x1ff8] = 0x3000; jmp [rdx+rax*8]; ret; ret
  const code = '55 5d 48 8d 15 f7 1f 00 00 ff 24 c2 c3 c3';
  const pointers = { 12288: 0x100c, 12296: 0x100d, 12304: 0x9999 };
  t.deepEqual(sites({ code, go, pointers }).slice(1), ['return +12 ret stepped', 'return +13 ret stepped']);
});

test('an indirect jump through a table of other functions leaves the function, one through a table that tells nothing makes it counted only', (t) => {
  const others = [0x2000, 0x2100];
  const functions = { 12288: 0x2000, 12296: 0x2100 };
  const direct = '55 5d 48 8d 15 f7 1f 00 00 ff 24 c2 c3'; // lea rdx,[rip+0x1ff7] = 0x3000; jmp [rdx+rax*8]; ret
  const loaded = '55 5d 48 8d 15 f7 1f 00 00 48 8b 04 c2 ff e0 c3'; // …; mov rax,[rdx+rax*8]; jmp rax; ret
  const exits = ['return +12 ret stepped', 'return +9 jmp qword ptr [rdx+rax*8] stepped'];
  t.deepEqual(sites({ code: direct, pointers: functions, others }).slice(1), exits);
  t.deepEqual(sites({ code: loaded, pointers: functions, others }).slice(1), [
    'return +15 ret stepped',
    'return +13 jmp rax stepped',
  ]);
  for (const pointers of [{}, { 12288: 0 }, { 12288: 0x2004 }] as Record<number, number>[]) {
    t.deepEqual(sites({ code: direct, pointers, others }), ['entry +0 push rbp emulated'], JSON.stringify(pointers));
  }
  const ranges = (address: number) => ({ address: address & ~0xff, size: 0x100 });
  t.deepEqual(sites({ code: direct, pointers: functions, ranges }).slice(1), exits, 'without symbols, by call frame information');
  const single = '55 5d 48 8b 04 c7 c3 ff e0'; // …; mov rax,[rdi+rax*8]; ret; jmp rax
  t.deepEqual(sites({ code: single }).slice(1), ['return +6 ret stepped', 'return +7 jmp rax stepped'], 'a load on another way');
  const member = '55 5d 48 8b 44 08 ff ff e0'; // …; mov rax,[rax+rcx-1]; jmp rax
  t.deepEqual(sites({ code: member }).slice(1), ['return +7 jmp rax stepped'], 'a virtual member by its pointer');
  t.deepEqual(sites({ code: '55 5d ff 24 c7 c3' }), ['entry +0 push rbp emulated'], 'a table that came as an argument');
});

test('an indirect jump by a distance from a table stays inside', (t) => {
  // lea rdx,[rip+…]; movsxd rax,[rdx+rax*4]; add rax,rdx; jmp rax; ret
  const code = '55 5d 48 8d 15 f7 1f 00 00 48 63 04 82 48 01 d0 ff e0 c3';
  t.deepEqual(sites({ code }).slice(1), ['return +18 ret stepped']);
});

test('an indirect jump at depth 0 without a table leaves the function', (t) => {
  t.deepEqual(sites({ code: '55 5d ff e0', go }), ['entry +0 push rbp emulated', 'return +2 jmp rax stepped']);
});

test('resolvers of indirect functions are refused', (t) => {
  t.is(refusal({ code: '55 5d c3', kind: 'ifunc' }).code, 'IFUNC');
});

test('when only counts are asked for there are no return sites', (t) => {
  const decision = decideSites(fakeImage({ code: CHECKED, go }), 0, { countOnly: true });
  t.true(decision.ok && decision.sites.length === 1 && decision.untimedReason !== '');
});

test('random bytes give a decision whose sites start at decoded instructions', (t) => {
  let seed = 20261123;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  let planned = 0;
  for (let round = 0; round < 3000; round++) {
    const bytes = Uint8Array.from({ length: 1 + random(40) }, () => random(256));
    const code = Buffer.from(bytes).toString('hex');
    const decision = decideSites(fakeImage(round % 2 === 0 ? { code, go } : { code }), 0);
    if (!decision.ok) continue;
    planned++;
    for (const site of decision.sites) {
      const at = site.address - FAKE_ADDRESS;
      t.deepEqual(Buffer.from(site.bytes), Buffer.from(bytes.subarray(at, at + site.bytes.length)));
      t.true(site.bytes.length > 0);
    }
    t.is(new Set(decision.sites.map(({ address }) => address)).size, decision.sites.length);
  }
  t.true(planned > 100, `${planned} of 3000 were planned`);
});
