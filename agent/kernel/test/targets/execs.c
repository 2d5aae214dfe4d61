/* Runs itself anew, at the same addresses, in the middle of a call. */
#include <stdio.h>
#include <unistd.h>

#define PROBED __attribute__((noinline, noipa))
#define CALLS 500

static volatile long sink;

PROBED void work(long n) {
  sink += n;
}

PROBED void begin(char **argv) {
  for (long n = 0; n < CALLS; n++) work(n);
  execl("/proc/self/exe", argv[0], "again", (char *)0);
  sink++;
}

int main(int argc, char **argv) {
  char line[64];
  if (argc > 1) {
    for (long n = 0; n < CALLS; n++) work(n);
    printf("{\"work\":%d,\"begin\":1}\n", CALLS);
  } else {
    puts("{}");
  }
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin)) begin(argv);
  return 0;
}
