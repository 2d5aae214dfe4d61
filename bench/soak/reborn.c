/* Reborn in C: counts its calls over one life; at `exec` it becomes itself again, under the same pid.
 * Speaks the targets' protocol: `run plain COUNT 1`, `exec`. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned long calls;

__attribute__((noinline, noclone)) int plain(int n) {
  calls++;
  return n * 31 + 7;
}

int main(int argc, char **argv) {
  char line[256];
  int count;
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("{\"ready\":true,\"pid\":%d}\n", getpid());
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "exec", 4) == 0) execv("/proc/self/exe", argv);
    volatile int sink = 0;
    if (sscanf(line, "run plain %d", &count) == 1)
      for (int i = 0; i < count; i++) sink += plain(i);
    printf("{\"functions\":{\"plain\":{\"calls\":%lu,\"returns\":%lu,\"unwound\":0}}}\n", calls, calls);
  }
  return argc < 0;
}
