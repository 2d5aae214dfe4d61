/* picked calls functions of the C library that have a body a kind of processor. Nothing else of it calls them. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

static size_t (*volatile length)(const char *) = strlen;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile copy_behind)(void *, const void *, size_t) = mempcpy;
static char from[8000], to[8000];
static volatile size_t sum;

/* Where mempcpy goes on inside of memmove, behind its first instruction, memmove is not called. */
static void work(void) {
  for (int n = 0; n < 1000; n++) {
    from[n % 200] = 0;
    sum += length(from);
    from[n % 200] = 'x';
    move(to, from, n * 7);
    if (n % 5 == 0) copy_behind(to, from, n);
  }
}

static void say(const char *line, size_t bytes) {
  if (write(1, line, bytes) != (ssize_t)bytes) _exit(1);
}

int main(void) {
  char order[16];
  for (int i = 0; i < (int)sizeof from; i++) from[i] = 'x';
  static const char ready[] = "{}\n", truth[] = "{\"strlen\":1000,\"memmove\":1000,\"mempcpy\":200}\n";
  say(ready, sizeof ready - 1);
  while (read(0, order, sizeof order) > 0) {
    work();
    say(truth, sizeof truth - 1);
  }
  return 0;
}
