/* The same function by the platform's calling convention, and by Windows'. */
#include <stdio.h>

__attribute__((noinline)) long here(long a, long b) { return a * 3 + b; }
__attribute__((noinline, ms_abi)) long windows(long a, long b) { return a * 3 + b; }

int main(void) {
  char line[64];
  setbuf(stdout, NULL);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    volatile long a = 5, b = 1000, c = 7, d = 2000;
    printf("{\"here\":%ld,\"windows\":%ld}\n", here(a, b), windows(c, d));
  }
  return 0;
}
