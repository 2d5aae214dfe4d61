/* Functions that go on in another one where a condition of the processor is met, for each of the sixteen. */
#include <stdio.h>
#include <stdlib.h>

#define CONDITIONS(X) X(o) X(no) X(b) X(ae) X(e) X(ne) X(be) X(a) X(s) X(ns) X(p) X(np) X(l) X(ge) X(le) X(g)
#define BEGIN(name) ".text\n.globl " name "\n.type " name ", @function\n.p2align 4\n" name ": .cfi_startproc\n"
#define END(name) ".cfi_endproc\n.size " name ", .-" name "\n"

static long calls_other;
__asm__(BEGIN("other") "incq calls_other(%rip)\n lea (%rdi,%rsi), %rax\n ret\n" END("other"));

/* In the first kind the jump is the entry as well, since nothing in front of it is as cheap to probe. */
#define FUNCTIONS(condition) \
  static long calls_at_once_##condition, calls_later_##condition; \
  long at_once_##condition(long a, long b); \
  long later_##condition(long a, long b); \
  __asm__(BEGIN("at_once_" #condition) "cmp %esi, %edi\n j" #condition " other\n" \
          "mov %rdi, %rax\n xor %rsi, %rax\n ret\n" END("at_once_" #condition)); \
  __asm__(BEGIN("later_" #condition) "push %rbx\n .cfi_adjust_cfa_offset 8\n cmp %esi, %edi\n" \
          "pop %rbx\n .cfi_adjust_cfa_offset -8\n j" #condition " other\n" \
          "mov %rdi, %rax\n xor %rsi, %rax\n ret\n" END("later_" #condition));
CONDITIONS(FUNCTIONS)

static const long values[] = {0, 1, 2, 3, 100, 127, 128, 0x7fffffff, 0x80000000, 0x80000001, 0xffffff80, 0xffffffff};
#define COUNT (sizeof values / sizeof *values)

static unsigned long call_all(void) {
  unsigned long sum = 0;

  for (unsigned i = 0; i < COUNT; i++)
    for (unsigned j = 0; j < COUNT; j++) {
#define CALL(condition) \
  calls_at_once_##condition++, sum = sum * 31 + at_once_##condition(values[i], values[j]); \
  calls_later_##condition++, sum = sum * 31 + later_##condition(values[i], values[j]);
      CONDITIONS(CALL)
    }
  return sum;
}

int main(void) {
  char line[64];
  unsigned long expected = call_all();

  setbuf(stdout, NULL);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    calls_other = 0;
#define CLEAR(condition) calls_at_once_##condition = calls_later_##condition = 0;
    CONDITIONS(CLEAR)
    if (call_all() != expected) abort();
    printf("{\"other\":%ld", calls_other);
#define PRINT(condition) \
  printf(",\"at_once_" #condition "\":%ld,\"later_" #condition "\":%ld", calls_at_once_##condition, calls_later_##condition);
    CONDITIONS(PRINT)
    puts("}");
  }
  return 0;
}
