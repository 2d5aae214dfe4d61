/* forks makes a child that calls a function when told, as servers with a process per connection do. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) int serve(int n) {
  __asm__ volatile("" ::: "memory");
  return n + 1;
}

static void work(void) {
  for (int n = 0; n < 1000; n++) serve(n);
}

int main(void) {
  int to_child[2] = {-1, -1}, from_child[2] = {-1, -1};
  int child = 0;
  char line[64], byte;
  setbuf(stdout, NULL);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "fork", 4) == 0) {
      if (pipe(to_child) || pipe(from_child)) return 1;
      child = fork();
      if (child == 0) {
        while (read(to_child[0], &byte, 1) == 1 && byte == 'w') {
          work();
          if (write(from_child[1], &byte, 1) != 1) break;
        }
        _exit(0);
      }
      printf("{\"child\":%d}\n", child);
    } else if (strncmp(line, "child", 5) == 0) {
      if (write(to_child[1], "w", 1) != 1 || read(from_child[0], &byte, 1) != 1) return 1;
      puts("{\"serve\":1000}");
    } else if (strncmp(line, "reap", 4) == 0) {
      if (write(to_child[1], "q", 1) != 1) return 1;
      int status = 0;
      waitpid(child, &status, 0);
      printf("{\"status\":%d}\n", status);
    } else {
      work();
      puts("{\"serve\":1000}");
    }
  }
  return 0;
}
