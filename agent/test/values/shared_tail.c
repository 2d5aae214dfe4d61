/* Two functions of assembly, of which the second goes on in the first, behind its first instruction: as mempcpy does in memmove. */
#include <stdio.h>
#include <string.h>

long plain(long n);
long shifted(long n);
__asm__(".text\n"
        ".globl plain, shifted\n"
        ".type plain, @function\n.type shifted, @function\n"
        "shifted: lea 1(%rdi), %rax\n jmp 1f\n"
        ".size shifted, .-shifted\n"
        "plain: mov %rdi, %rax\n"
        "1: cmp $100, %rdi\n jb 2f\n add %rax, %rax\n"
        "2: ret\n"
        ".size plain, .-plain\n");

int main(void) {
  char line[64];
  long calls = 0, other = 0, sum = 0;
  setbuf(stdout, NULL);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    for (long n = 0; n < 100; n++, other++) sum += shifted(n);
    for (long n = 0; n < 10; n++, calls++) sum += plain(n);
    printf("{\"plain\":%ld,\"shifted\":%ld,\"sum\":%ld}\n", calls, other, sum);
  }
  return 0;
}
