/* Coroutines and signal handlers: functions of one thread that run on several stacks. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PROBED __attribute__((noinline, noipa))
#define STACK_BYTES (64 * 1024)

static volatile long sink;
static __thread ucontext_t home, there;

/* On the thread's own stack only. */
PROBED long plain(long n) {
  sink += n;
  return n + 1;
}

/* On coroutine stacks only: is left and come back to while it is open. */
PROBED long visit(long n) {
  swapcontext(&there, &home);
  sink += n;
  return n;
}

/* On a thread's own stack, open while coroutines run. */
PROBED long host(long n) {
  swapcontext(&home, &there);
  plain(n);
  swapcontext(&home, &there);
  return n;
}

/* On both. */
PROBED long both(long n) {
  return n * 2;
}

static void body(void) {
  for (;;) {
    both(1);
    visit(2);
    swapcontext(&there, &home);
  }
}

static void run_on(void *stack) {
  getcontext(&there);
  there.uc_stack.ss_sp = stack;
  there.uc_stack.ss_size = STACK_BYTES;
  makecontext(&there, body, 0);
  for (long n = 0; n < 500; n++) {
    host(n);
    both(n);
  }
}

static void *on_heap(void *unused) {
  run_on(malloc(STACK_BYTES));
  return unused;
}

static void *on_mapping(void *unused) {
  run_on(mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  return unused;
}

PROBED void handled(int signal) {
  sink += signal;
}

PROBED long raiser(long n) {
  raise(SIGUSR1);
  return n;
}

static void *signals(void *unused) {
  stack_t other = {.ss_sp = malloc(SIGSTKSZ * 4), .ss_size = SIGSTKSZ * 4};
  struct sigaction action = {.sa_handler = handled, .sa_flags = SA_ONSTACK};
  sigaltstack(&other, NULL);
  sigaction(SIGUSR1, &action, NULL);
  for (long n = 0; n < 500; n++) raiser(n);
  return unused;
}

static void on_thread(void *(*what)(void *)) {
  pthread_t thread;
  pthread_create(&thread, NULL, what, NULL);
  pthread_join(thread, NULL);
}

static void only_visits(void) {
  for (;;) visit(2);
}

/* Below the first thread's descriptor and in one mapping with it, as the first memory that a program maps is. */
static void *beside_descriptor;

static void joined(void) {
  getcontext(&there);
  there.uc_stack.ss_sp = beside_descriptor;
  there.uc_stack.ss_size = STACK_BYTES;
  makecontext(&there, only_visits, 0);
  for (long n = 0; n < 1000; n++) swapcontext(&home, &there);
}

static void run(const char *exercise) {
  if (strcmp(exercise, "joined") == 0) {
    joined();
    puts("{\"visit\": 1000}");
    return;
  }
  if (strcmp(exercise, "first") == 0) {
    on_heap(NULL);
    on_mapping(NULL);
  } else if (strcmp(exercise, "threads") == 0) {
    on_thread(on_heap);
    on_thread(on_mapping);
  } else if (strcmp(exercise, "signals") == 0) {
    on_thread(signals);
    puts("{\"raiser\": 500, \"handled\": 500}");
    return;
  }
  puts("{\"host\": 1000, \"plain\": 1000, \"bothOwn\": 1000, \"both\": 2000, \"visit\": 1000}");
}

int main(void) {
  char line[64];
  beside_descriptor = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  setvbuf(stdout, NULL, _IOLBF, 0);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    run(line);
  }
  return 0;
}
