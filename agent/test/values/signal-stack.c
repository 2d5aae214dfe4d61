/* Handlers of signals run on an array in a frame of main, above what they interrupt. "work" raises signals in a function and
 * prints how often each function was called, and a sum that each call has its part in. */
#include <signal.h>
#include <stdio.h>

#define ROUNDS 400
#define STACK_BYTES (64 * 1024)

static volatile long handled, outer, sum;

__attribute__((noinline)) long inhandler(long x) {
  handled++;
  return x * 3 + 1;
}

static void handle(int number) { sum += inhandler(number); }

__attribute__((noinline)) long interrupted(long x) {
  outer++;
  raise(SIGUSR1);
  return x + sum;
}

int main(void) {
  static char line[64];
  char stack[STACK_BYTES];
  stack_t given = {.ss_sp = stack, .ss_size = STACK_BYTES};
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};

  sigaltstack(&given, NULL);
  sigaction(SIGUSR1, &action, NULL);
  puts("{}");
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin)) {
    handled = outer = sum = 0;
    for (long round = 0; round < ROUNDS; round++)
      sum += interrupted(round);
    printf("{\"inhandler\":%ld,\"interrupted\":%ld,\"sum\":%ld}\n", handled, outer, sum);
    fflush(stdout);
  }
}
