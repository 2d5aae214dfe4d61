/* paced calls a function 20,000 times a second at most, or as fast as it can, and says how often it has. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PER_MS 20

static atomic_long calls;
static atomic_int stopped;
static pthread_t caller;

__attribute__((noipa)) long keep(long n) { return n; }

/* Begins with a push, which the kernel emulates: it keeps n over a call. */
__attribute__((noipa)) long step(long n) { return keep(n) + n + 1; }

static long call(long n) {
  atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
  return step(n);
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What it could not do in time is left out: it never calls more often. */
static void *pace(void *unused) {
  for (long last = now_ms(); !stopped;) {
    long now = now_ms(), due = now > last ? PER_MS : 0;
    for (long n = 0; n < due; n++) call(n);
    last = now;
    usleep(200);
  }
  return unused;
}

static void *hurry(void *unused) {
  for (long n = 0; !stopped;) n = call(n);
  return unused;
}

static void say_calls(void) { printf("{\"step\":%ld}\n", calls); }

int main(void) {
  char line[64];
  setbuf(stdout, NULL);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "pace", 4) == 0 || strncmp(line, "hurry", 5) == 0) {
      stopped = 0;
      pthread_create(&caller, NULL, line[0] == 'p' ? pace : hurry, NULL);
    } else if (strncmp(line, "stop", 4) == 0) {
      stopped = 1;
      pthread_join(caller, NULL);
    }
    say_calls();
  }
  return 0;
}
