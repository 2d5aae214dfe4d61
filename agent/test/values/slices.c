/* Coroutines on slices of the main stack, which recursion reserves: setjmp and longjmp go between them, up and down. "work"
 * runs them for some rounds and prints how often each function was called, and a sum that each call has its part in. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#define COROUTINES 4
#define ROUNDS 4000

static jmp_buf scheduler, coroutines[COROUTINES];
static int current;
static long leaves, works, sum;
static volatile long sink;

__attribute__((noinline)) long leaf(long x) {
  leaves++;
  sink += x;
  return x * 3 + 1;
}

__attribute__((noinline)) void yield(void) {
  if (!setjmp(coroutines[current]))
    longjmp(scheduler, 1);
}

__attribute__((noinline)) long work(long x) {
  long before = leaf(x);

  works++;
  yield();
  return before + leaf(before);
}

__attribute__((noinline)) void run(int id) {
  char gap[32768];

  memset(gap, id, 64);
  __asm__ volatile("" ::"r"(gap) : "memory");
  if (!setjmp(coroutines[id])) {
    if (id + 1 < COROUTINES)
      run(id + 1);
    else
      longjmp(scheduler, 1);
  }
  for (;;)
    sum += work(current);
}

int main(void) {
  static char line[64];
  static int round, isRunning;

  puts("{}");
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin)) {
    leaves = works = sum = 0;
    if (!isRunning && !setjmp(scheduler)) {
      isRunning = 1;
      run(0);
    }
    for (round = 0; round < ROUNDS; round++) {
      current = round % COROUTINES;
      if (!setjmp(scheduler))
        longjmp(coroutines[current], 1);
    }
    printf("{\"leaf\":%ld,\"work\":%ld,\"sum\":%ld}\n", leaves, works, sum);
    fflush(stdout);
  }
}
