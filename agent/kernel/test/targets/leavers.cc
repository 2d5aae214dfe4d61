/* Calls that an exception or longjmp leaves on threads that then wait deeper on the same stack, and calls that only look
 * so. Each exercise starts its threads and answers when all of them wait. */
#include <alloca.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atomic>

#define PROBED __attribute__((noinline, noipa))

constexpr int kThreads = 24;

static std::atomic<long> outer_calls, thrower_calls, jumper_calls, inner_calls, raiser_calls, waiting;
static volatile long sink;
static volatile bool over; /* never: but the compiler must not know */
static int nothing[2];
static sem_t never;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void wait_for_ever(long way) {
  waiting++;
  while (!over) {
    if (way % 5 == 0) poll(nullptr, 0, -1);
    if (way % 5 == 1) sink += read(nothing[0], (void *)&sink, 1);
    if (way % 5 == 2) sem_wait(&never);
    if (way % 5 == 3) sleep(1000);
    if (way % 5 == 4) {
      pthread_mutex_lock(&mutex);
      pthread_cond_wait(&condition, &mutex);
      pthread_mutex_unlock(&mutex);
    }
  }
}

PROBED void thrower(long depth) {
  thrower_calls++;
  if (depth == 0) throw depth;
  thrower(depth - 1);
  sink += depth;
}

PROBED void jumper(jmp_buf *where, long depth) {
  jumper_calls++;
  if (depth == 0) longjmp(*where, 1);
  jumper(where, depth - 1);
  sink += depth;
}

/* Open for good, below frames that were left. */
PROBED void inner(long way) {
  inner_calls++;
  wait_for_ever(way);
  sink += way;
}

/* Leaves what lies on the stack as it is, here and there. */
PROBED void go_deeper(long way, long depth) {
  volatile char hole[200];
  char *more = (char *)alloca(16 + way % 3 * 64);
  asm volatile("" ::"r"(more), "r"(hole));
  if (depth > 0) go_deeper(way, depth - 1);
  else if (way % 2) inner(way);
  else wait_for_ever(way);
  sink += depth;
}

PROBED void catch_it(long way) {
  try {
    thrower(way % 4);
  } catch (long depth) {
    sink += depth;
  }
  go_deeper(way, way % 6);
  sink += way;
}

PROBED void come_back(long way) {
  jmp_buf here;
  if (!setjmp(here)) jumper(&here, way % 4);
  go_deeper(way, way % 6);
  sink += way;
}

/* Open for good, above them. */
PROBED void outer(long way) {
  outer_calls++;
  if (way % 3) catch_it(way);
  else come_back(way);
  sink += way;
}

static void *leave(void *way) {
  outer((long)way);
  return nullptr;
}

static void handled(int) { wait_for_ever(0); }

/* Open, and interrupted by a handler on a stack that lies further up in the same mapping. */
PROBED void raiser(long way) {
  raiser_calls++;
  raise(SIGUSR1);
  sink += way;
}

static void *interrupt(void *way) {
  char other_stack[64 * 1024];
  stack_t other = {};
  other.ss_sp = other_stack;
  other.ss_size = sizeof(other_stack);
  sigaltstack(&other, nullptr);
  raiser((long)way);
  return nullptr;
}

static void start(void *(*body)(void *)) {
  waiting = 0;
  for (long way = 0; way < kThreads; way++) {
    pthread_t thread;
    pthread_create(&thread, nullptr, body, (void *)way);
    pthread_detach(thread);
  }
  while (waiting < kThreads) usleep(1000);
  usleep(100 * 1000);
}

int main() {
  char line[64];
  struct sigaction action = {};
  action.sa_handler = handled;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  if (pipe(nothing)) return 1;
  sem_init(&never, 0, 0);
  puts("{}");
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin)) {
    start(strncmp(line, "leave", 5) == 0 ? leave : interrupt);
    printf("{\"outer\":%ld,\"thrower\":%ld,\"jumper\":%ld,\"inner\":%ld,\"raiser\":%ld}\n", outer_calls.load(),
           thrower_calls.load(), jumper_calls.load(), inner_calls.load(), raiser_calls.load());
    fflush(stdout);
  }
  _exit(0);
}
