/* Steady in C: counts its own calls, so that a debugger's numbers can be compared with the truth.
 * Commands a line on standard input (`run WORK COUNT THREADS`, `time COUNT`, `truth`, `reset`), an answer of JSON a line. */
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct tally {
  const char *name;
  _Atomic unsigned long calls, returns, unwound;
};

#define TALLY(function) function##_t = {.name = #function}

static struct tally TALLY(plain), TALLY(recurse), TALLY(leaf), TALLY(tail);
static struct tally TALLY(outer), TALLY(jumper), TALLY(quitter), TALLY(choose);
static struct tally TALLY(scaled), TALLY(checked), TALLY(forker), TALLY(getppid), TALLY(dispatch), TALLY(picked);
static struct tally *const tallies[] = {&plain_t, &recurse_t, &leaf_t,   &tail_t,    &outer_t,  &jumper_t,
                                        &quitter_t, &choose_t, &scaled_t, &checked_t, &forker_t, &getppid_t, &dispatch_t,
                                        &picked_t};
#define TALLIES (sizeof tallies / sizeof *tallies)

static __thread jmp_buf escape;

__attribute__((noinline, noclone)) int plain(int n) {
  plain_t.calls++;
  n = n * 31 + 7;
  plain_t.returns++;
  return n;
}

__attribute__((noinline, noclone)) int recurse(int n) {
  recurse_t.calls++;
  if (n > 0) n += recurse(n - 1) & 1;
  recurse_t.returns++;
  return n;
}

/* Several returns, some of them in the middle. */
__attribute__((noinline, noclone)) int choose(int n) {
  choose_t.calls++;
  choose_t.returns++;
  switch (n % 5) {
    case 0: return n;
    case 1: return plain(n) + 1;
    case 2: return n ^ 0x55;
    default: return plain(n) & 0xff;
  }
}

__attribute__((noinline, noclone)) int leaf(int n) {
  leaf_t.calls++;
  leaf_t.returns++;
  return n ^ 1;
}

/* Its last call becomes a jump when optimised: leaf then returns for both. */
__attribute__((noinline, noclone)) int tail(int n) {
  tail_t.calls++;
  tail_t.returns++;
  return leaf(n + 1);
}

int (*operations[])(int) = {plain, leaf, tail, leaf};

/* Its last call becomes a jump through a table of functions. */
__attribute__((noinline, noclone)) int dispatch(int n) {
  dispatch_t.calls++;
  dispatch_t.returns++;
  return n % 16 == 15 ? n : operations[n & 3](n);
}

/* Begins with the instruction that shows whether it is stepped. */
__attribute__((naked, noinline, noclone)) long flags(void) { __asm__("pushf\n\tpop %rax\n\tret"); }

/* Has no body of its own when optimised. */
static inline int halved(int n) { return n / 2 + 1; }

/* Always called with the same factor: optimised, a clone for that factor is all that is left. */
static __attribute__((noinline)) int scaled(int n, int factor) {
  scaled_t.calls++;
  for (int i = 0; i < factor; i++) n = n * 3 + plain(n);
  scaled_t.returns++;
  return n;
}

__attribute__((noinline, cold)) static void complain(int n) {
  if (n < 0) fprintf(stderr, "%d", n);
}

/* Its unlikely branch is moved away, into a part of its own. */
__attribute__((noinline, noclone)) int checked(int n) {
  checked_t.calls++;
  checked_t.returns++;
  if (__builtin_expect(n % 7 == 0, 0)) {
    complain(n);
    return plain(halved(n)) ^ 3;
  }
  return n * 5;
}

/* Its child goes on in the same function, and calls others: none of that is this process's. */
__attribute__((noinline, noclone)) int forker(int n) {
  forker_t.calls++;
  int status = 0;
  const pid_t child = fork();
  if (child == 0) _exit(plain(n) == n * 31 + 7 ? 17 : 1);
  waitpid(child, &status, 0);
  forker_t.returns++;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 17) abort();
  return status;
}

static int plain_resolved(int n) {
  picked_t.calls++;
  picked_t.returns++;
  return n + 1;
}
static int (*resolve_picked(void))(int) { return plain_resolved; }
int picked(int n) __attribute__((ifunc("resolve_picked")));

/* Leaves two frames by longjmp every third turn. */
__attribute__((noinline, noclone)) void jumper(int n, int depth) {
  jumper_t.calls++;
  if (depth > 1)
    jumper(n, depth - 1);
  else if (n % 3 == 0) {
    jumper_t.unwound += 2;
    longjmp(escape, 1);
  }
  jumper_t.returns++;
}

__attribute__((noinline, noclone)) int outer(int n) {
  outer_t.calls++;
  if (setjmp(escape) == 0) jumper(n, 2);
  outer_t.returns++;
  return n;
}

__attribute__((noinline, noclone)) void quitter(int n) {
  quitter_t.calls++;
  if (n % 2 == 0) {
    quitter_t.unwound++;
    pthread_exit(NULL);
  }
  quitter_t.returns++;
}

static void *quit_in_thread(void *turn) {
  quitter((int)(long)turn);
  return NULL;
}

static void work_plain(int turn) { plain(turn); }
static void work_choose(int turn) { choose(turn); }
static void work_recurse(int turn) { recurse(turn % 200); }
static void work_tail(int turn) { tail(turn); }
static void work_dispatch(int turn) {
  dispatch(turn);
  if (flags() & 0x100) abort();
}
static void work_longjmp(int turn) { outer(turn); }
static void work_clone(int turn) { scaled(turn, 3); }
static void work_picked(int turn) { picked(turn); }
static void work_cold(int turn) { checked(turn); }
static void work_fork(int turn) { forker(turn); }
static void work_libc(int turn) {
  getppid_t.calls++;
  picked(getppid() + turn);
  getppid_t.returns++;
}
static void work_exit(int turn) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, quit_in_thread, (void *)(long)turn) == 0) pthread_join(thread, NULL);
}

static const struct {
  const char *name;
  void (*turn)(int);
} works[] = {{"plain", work_plain}, {"choose", work_choose}, {"recurse", work_recurse},
             {"tail", work_tail},   {"dispatch", work_dispatch}, {"longjmp", work_longjmp}, {"exit", work_exit},
             {"clone", work_clone}, {"cold", work_cold},     {"fork", work_fork},       {"libc", work_libc}, {"picked", work_picked}};

struct share {
  void (*turn)(int);
  int count;
  atomic_int *next;
};

static void *take_turns(void *data) {
  struct share *share = data;
  for (int turn; (turn = atomic_fetch_add(share->next, 1)) < share->count;) share->turn(turn);
  return NULL;
}

static void deal(void (*turn)(int), int count, int threads) {
  atomic_int next = 0;
  struct share share = {turn, count, &next};
  pthread_t ids[64];
  if (threads > 64) threads = 64;
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, take_turns, &share);
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
}

static void answer_truth(void) {
  printf("{\"functions\":{");
  for (size_t i = 0; i < TALLIES; i++)
    printf("%s\"%s\":{\"calls\":%lu,\"returns\":%lu,\"unwound\":%lu}", i ? "," : "", tallies[i]->name, tallies[i]->calls,
           tallies[i]->returns, tallies[i]->unwound);
  printf("}}\n");
}

static void reset(void) {
  for (size_t i = 0; i < TALLIES; i++) tallies[i]->calls = tallies[i]->returns = tallies[i]->unwound = 0;
  printf("{\"reset\":true}\n");
}

/* An ordinary small function without a counter: what its calls cost is measured. */
__attribute__((noinline, noclone)) int framed_inner(int n) {
  __asm__ volatile("");
  return n ^ 9;
}

__attribute__((noinline, noclone, optimize("no-omit-frame-pointer"))) int framed(int n) { return framed_inner(n) + 1; }

static long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void time_framed(int count) {
  volatile int sink = 0;
  long started = now_ns();
  for (int i = 0; i < count; i++) sink += framed(i);
  printf("{\"ns\":%ld}\n", now_ns() - started);
}

static void run(const char *name, int count, int threads) {
  for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
    if (strcmp(works[i].name, name) != 0) continue;
    deal(works[i].turn, count, threads);
    answer_truth();
    return;
  }
  printf("{\"error\":\"unknown work %s\"}\n", name);
}

int main(void) {
  char line[256], name[64];
  int count, threads;
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("{\"ready\":true,\"pid\":%d}\n", getpid());
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "run %63s %d %d", name, &count, &threads) == 3)
      run(name, count, threads);
    else if (sscanf(line, "time %d", &count) == 1)
      time_framed(count);
    else if (strncmp(line, "truth", 5) == 0)
      answer_truth();
    else if (strncmp(line, "reset", 5) == 0)
      reset();
    else
      printf("{\"error\":\"unknown command\"}\n");
  }
  return 0;
}
