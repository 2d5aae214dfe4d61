/* A C program that is all library: loads LIBRARY from its own folder and lets it serve. */
#include <dlfcn.h>
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  char program[4096], path[5000];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  program[length > 0 ? length : 0] = 0;
  snprintf(path, sizeof path, "%s/%s", dirname(program), LIBRARY);
  void *library = dlopen(path, RTLD_NOW);
  void (*serve)(void) = library ? (void (*)(void))dlsym(library, "SteadyServe") : NULL;
  if (serve == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  serve();
  return 0;
}
