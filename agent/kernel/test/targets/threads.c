/* A C program that knows the truth about its own calls: the counterpart of calls.go. */
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#define PROBED __attribute__((noinline, noipa))

static volatile long sink;
static __thread jmp_buf way_out;

PROBED long leaf(long n) {
  sink += n;
  return n * 2;
}

PROBED long branch(long n) {
  return leaf(n) + leaf(n + 1);
}

PROBED long descend(long depth) {
  return depth == 0 ? 1 : descend(depth - 1) + 1;
}

PROBED long jumper(long n) {
  if (n % 2) longjmp(way_out, 1);
  return n;
}

PROBED long catcher(long n) {
  if (setjmp(way_out)) return -1;
  return jumper(n) + 1;
}

/* Entry and return on one instruction. */
void only_return(void);
__asm__(".globl only_return\n.type only_return, @function\nonly_return: ret\n.size only_return, .-only_return");

/* A first instruction that the kernel cannot probe. */
void locked(void);
__asm__(".globl locked\n.type locked, @function\nlocked: lock incl sink(%rip)\nret\n.size locked, .-locked");

static void on_threads(int count, void *(*body)(void *)) {
  pthread_t threads[8];
  for (int i = 0; i < count; i++) pthread_create(&threads[i], NULL, body, NULL);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static void *branches(void *unused) {
  for (long n = 0; n < 1000; n++) branch(n);
  return unused;
}

static void *jumps(void *unused) {
  for (long n = 0; n < 500; n++) catcher(n);
  return unused;
}

static void *depths(void *unused) {
  descend(3000);
  return unused;
}

/* Ends its thread while it is open. */
PROBED long quit(long n) {
  if (n >= 0) pthread_exit(NULL);
  return n;
}

static void *quits(void *unused) {
  quit(1);
  return unused;
}

/* Stays open until it is let go. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opens = PTHREAD_COND_INITIALIZER;
static int held, let_go;
#define HOLDERS 3
static pthread_t holders[HOLDERS];

PROBED long hold(long n) {
  pthread_mutex_lock(&gate);
  held++;
  pthread_cond_broadcast(&opens);
  while (!let_go) pthread_cond_wait(&opens, &gate);
  pthread_mutex_unlock(&gate);
  return n;
}

static void *holds(void *unused) {
  hold(1);
  return unused;
}

static void begin_to_hold(void) {
  held = let_go = 0;
  for (int i = 0; i < HOLDERS; i++) pthread_create(&holders[i], NULL, holds, NULL);
  pthread_mutex_lock(&gate);
  while (held < HOLDERS) pthread_cond_wait(&opens, &gate);
  pthread_mutex_unlock(&gate);
}

static void release(void) {
  pthread_mutex_lock(&gate);
  let_go = 1;
  pthread_cond_broadcast(&opens);
  pthread_mutex_unlock(&gate);
  for (int i = 0; i < HOLDERS; i++) pthread_join(holders[i], NULL);
}

static void run(const char *exercise) {
  if (strcmp(exercise, "threads") == 0) {
    on_threads(4, branches);
    puts("{\"branch\": 4000, \"leaf\": 8000}");
  } else if (strcmp(exercise, "jumps") == 0) {
    on_threads(4, jumps);
    puts("{\"catcher\": 2000, \"jumper\": 2000, \"unwound\": 1000}");
  } else if (strcmp(exercise, "deep") == 0) {
    on_threads(2, depths);
    puts("{\"descend\": 6002}");
  } else if (strcmp(exercise, "quits") == 0) {
    for (int i = 0; i < 40; i++) on_threads(8, quits);
    puts("{\"quit\": 320}");
  } else if (strcmp(exercise, "hold") == 0) {
    begin_to_hold();
    puts("{\"hold\": 3}");
  } else if (strcmp(exercise, "release") == 0) {
    release();
    puts("{}");
  } else if (strcmp(exercise, "small") == 0) {
    for (int i = 0; i < 1000; i++) only_return();
    for (int i = 0; i < 1000; i++) locked();
    puts("{\"only_return\": 1000, \"locked\": 1000}");
  }
}

int main(void) {
  char line[64];
  setvbuf(stdout, NULL, _IOLBF, 0);
  puts("{}");
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    run(line);
  }
  return 0;
}
