/* One call of each function, with values that the test knows: how C++ passes what. */
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#define PROBED extern "C" __attribute__((noinline))

enum Plain { low = -3, high = 5 };
enum class Byte : uint8_t { top = 200 };
struct Bits {
  unsigned a : 3, b : 5;
  int c : 7;
};
struct Pair {
  int a;
  short b;
};
struct Mixed {
  long n;
  double d;
};
struct __attribute__((packed)) Packed {
  char c;
  long n;
};
struct Named {
  long n;
  char name[16];
};
struct Written {
  int n;
  Written(int n) : n(n) {}
  Written(const Written &other) : n(other.n + 1) {}
};
struct Virtual {
  int n = 4;
  virtual int f() { return n; }
};
struct Defaulted {
  int n;
  Defaulted(int n) : n(n) {}
  Defaulted(const Defaulted &) = default;
};
struct Derived : virtual Virtual {
  int own = 71;
};
struct Tail {
  int n;
  char text[];
};
union Floats {
  float f;
  double d;
};

volatile long sink;

PROBED Plain enums(Plain a, Byte b, int after) {
  sink += a + static_cast<int>(b) + after;
  return low;
}
PROBED int bits(Bits b, int after) {
  sink += b.a + b.b + b.c;
  return after;
}
PROBED long wide(long double x, int after) {
  sink += static_cast<long>(x);
  return after;
}
PROBED Pair pairs(Pair p, Mixed m, int after) {
  sink += p.a + m.n + after;
  return {p.a + 1, 7};
}
PROBED Packed packed(Packed p, int after) {
  sink += p.n + after;
  return p;
}
PROBED Named named(Named v, int after) {
  sink += v.n;
  v.n = after;
  return v;
}
PROBED int classes(Written w, Virtual v, Defaulted d, int after) {
  sink += w.n + v.n + d.n;
  return after;
}
PROBED int empties(std::true_type, Floats f, int after) {
  sink += static_cast<long>(f.d);
  return after;
}
__attribute__((noinline)) std::string texts(std::string s, const std::string &r, std::string_view v, const char *c, const char *u,
                                            int after) {
  sink += s.size() + r.size() + v.size() + c[0] + u[0] + after;
  return s + "!";
}
typedef long Vector __attribute__((vector_size(16)));
PROBED int vectors(Vector v, int after) {
  sink += v[0];
  return after;
}
PROBED int places(Derived &d, Tail *t, int after) {
  sink += d.n + d.own + t->n + t->text[0] + after;
  return after;
}
__attribute__((noinline)) std::vector<int> lists(std::vector<int> v, const std::vector<std::string> &r, const std::vector<Pair> &p,
                                                 std::vector<long> none, std::vector<bool> b, int after) {
  sink += v[0] + r.size() + p[0].a + none.size() + b.size() + after;
  return {after, v[0]};
}
typedef std::unique_ptr<Pair, void (*)(Pair *)> Freed;
__attribute__((noinline)) std::unique_ptr<Pair> owners(std::unique_ptr<Pair> u, const Freed &f, std::shared_ptr<Pair> s,
                                                       std::unique_ptr<Pair> none, int after) {
  sink += u->a + f->a + s->a + !none + after;
  return u;
}
__attribute__((noinline)) std::optional<int> options(std::optional<int> o, std::optional<int> none, const std::optional<std::string> &t,
                                                     std::optional<std::optional<short>> nested, int after) {
  sink += *o + !none + t->size() + !*nested + after;
  return after;
}

int main() {
  char line[64];
  puts("{}");
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin)) {
    enums(high, Byte::top, 1);
    bits({5, 17, -4}, 2);
    wide(3.5L, 3);
    pairs({10, 20}, {30, 1.5}, 4);
    packed({'c', 40}, 5);
    named({50, "a name"}, 6);
    classes(Written(60), Virtual(), Defaulted(61), 7);
    Floats floats;
    floats.d = 2.5;
    empties({}, floats, 8);
    texts("short", std::string(40, 'x'), std::string_view("viewed!", 4), "plain, and longer than a word", "short", 9);
    vectors(Vector{1, 2}, 10);
    Derived derived;
    alignas(Tail) char tail[] = "\x48\0\0\0flexible";
    asm volatile("" ::"r"(&derived), "r"(tail) : "memory");
    places(derived, reinterpret_cast<Tail *>(tail), 11);
    lists({1, 2}, {"one", "two"}, {{3, 4}, {5, 6}}, {}, {true}, 12);
    owners(std::make_unique<Pair>(Pair{7, 8}), Freed(new Pair{9, 10}, [](Pair *p) { delete p; }), std::make_shared<Pair>(Pair{11, 12}),
           nullptr, 13);
    std::optional<std::string> held = "text";
    asm volatile("" ::"r"(&held) : "memory");
    options(14, std::nullopt, held, std::optional<short>(), 14);
    puts("{}");
    fflush(stdout);
  }
}
