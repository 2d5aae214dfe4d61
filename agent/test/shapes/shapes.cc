// One function a shape that the compiler gives calls and returns: each counts its own calls. A line on stdin runs a round, which
// is answered with the counts as JSON.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>
#define NI __attribute__((noinline))
static volatile long sink;
static long n_work, n_choose, n_thrower, n_tail, n_leaf, n_virt, n_recurse, n_cond, n_thunk,n_shrink;
extern "C" {
NI __attribute__((cold)) void fail(int n) { sink += n; if (n < 0) abort(); }
NI int work(int n) { n_work++; if (n % 97 == 0) { fail(n); return 3; } return n * 7 + (int)sink; }
NI int choose(int n) { n_choose++; switch (n & 7) { case 0: return work(n); case 1: sink++; return 7; case 2: return work(n)+1; case 3: fail(3); return 1; case 4: return work(n) / 3; case 5: return n * 5; case 6: fail(6); return 2; default: return 0; } }
NI int leaf(int a, int b) { n_leaf++; return a * b + 1; }
NI int tailcall(int n) { n_tail++; return leaf(n, 2); }
NI int recurse(int n) { n_recurse++; if (n == 0) return 1; return recurse(n - 1) + (int)sink % 2; }
NI int conditional(int *p) { if (!p) { n_cond++; return -1; } n_cond++; return *p + 1; }
NI int shrink(int n) { n_shrink++; if (n < 10) return n; std::string s(n, 'x'); sink += s.size(); return (int)s.size(); }
}
struct Base { virtual int f(int) = 0; virtual ~Base() {} };
struct Derived : Base { NI int f(int n) override { n_virt++; return n + (int)sink; } };
extern "C" NI int thunk(Base *b, int n) { n_thunk++; return b->f(n); }
extern "C" NI int thrower(int n) { n_thrower++; if (n % 3 == 0) throw std::runtime_error("x"); return n; }
int main() {
  printf("{}\n"); fflush(stdout);
  char line[100]; Derived d;
  while (fgets(line, sizeof line, stdin)) {
    n_work=n_choose=n_thrower=n_tail=n_leaf=n_virt=n_recurse=n_cond=n_thunk=n_shrink=0;
    for (int i = 0; i < 2000; i++) {
      sink += choose(i); sink += tailcall(i); sink += thunk(&d, i); int x = i; sink += conditional(i % 5 ? &x : nullptr); sink += shrink(i % 40);
      try { sink += thrower(i); } catch (std::exception &) { sink++; }
      if (i % 100 == 0) sink += recurse(50);
    }
    printf("{\"work\":%ld,\"choose\":%ld,\"thrower\":%ld,\"tailcall\":%ld,\"leaf\":%ld,\"Derived::f\":%ld,\"recurse\":%ld,\"conditional\":%ld,\"thunk\":%ld,\"shrink\":%ld}\n", n_work,n_choose,n_thrower,n_tail,n_leaf,n_virt,n_recurse,n_cond,n_thunk,n_shrink); fflush(stdout);
  }
}
