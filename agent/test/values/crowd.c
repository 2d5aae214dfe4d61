/* crowd calls each of 300 functions in turn, some thousand times a second ("pace"), or one of them as fast as it can ("hurry"), until told to stop. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEN(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7) X(n##8) X(n##9)
#define HUNDRED(X, n) TEN(X, n##0) TEN(X, n##1) TEN(X, n##2) TEN(X, n##3) TEN(X, n##4) TEN(X, n##5) TEN(X, n##6) TEN(X, n##7) TEN(X, n##8) TEN(X, n##9)
#define ALL(X) HUNDRED(X, 1) HUNDRED(X, 2) HUNDRED(X, 3)

static atomic_long rounds, calls;
static atomic_int stopped;
static pthread_t caller;

__attribute__((noipa)) long keep(long n) { return n; }
#define DEFINE(n) __attribute__((noipa)) long step_##n(long a) { return keep(a) + n; }
ALL(DEFINE)

static void *pace(void *unused) {
  for (long n = 0; !stopped; rounds++) {
#define CALL(number) n = step_##number(n);
    ALL(CALL)
    usleep(500);
  }
  return unused;
}

static void *hurry(void *unused) {
  for (long n = 0; !stopped; calls++) n = step_200(n);
  return unused;
}

int main(void) {
  char line[64];
  setbuf(stdout, NULL);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "stop", 4) == 0) {
      stopped = 1;
      pthread_join(caller, NULL);
    } else {
      stopped = 0;
      pthread_create(&caller, NULL, line[0] == 'p' ? pace : hurry, NULL);
    }
    printf("{\"each\":%ld,\"step_200\":%ld}\n", rounds, rounds + calls);
  }
  return 0;
}
