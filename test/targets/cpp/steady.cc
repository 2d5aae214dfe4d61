// Steady in C++: exceptions across frames, virtual calls, templates, overloads, destructors while unwinding.
// Commands a line on standard input (`run WORK COUNT THREADS`, `truth`, `reset`), an answer of JSON a line.
#include <atomic>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#define KEPT __attribute__((noinline, noclone, used))

struct Tally {
  std::atomic<unsigned long> calls{0}, returns{0}, unwound{0};
};

// Ends the call it was made in: as a return, or as unwound when an exception is on its way through.
class Count {
 public:
  explicit Count(Tally &tally) : tally_(tally), before_(std::uncaught_exceptions()) { tally_.calls++; }
  ~Count() { (std::uncaught_exceptions() > before_ ? tally_.unwound : tally_.returns)++; }

 private:
  Tally &tally_;
  int before_;
};

static Tally attempt_t, thrower_t, circle_t, square_t, twice_int_t, twice_double_t, deep_t, rescue_t, fragile_t, below_t;
static const std::map<std::string, Tally *> tallies = {
    {"shop::attempt(int)", &attempt_t},       {"shop::thrower(int, int)", &thrower_t},
    {"shop::Circle::area(int) const", &circle_t}, {"shop::Square::area(int) const", &square_t},
    {"int shop::twice<int>(int)", &twice_int_t}, {"double shop::twice<double>(double)", &twice_double_t},
    {"shop::deep(int)", &deep_t},             {"shop::rescue(int)", &rescue_t},
    {"shop::fragile(int)", &fragile_t},       {"shop::below(int)", &below_t}};

namespace shop {

struct Shape {
  virtual ~Shape() = default;
  virtual int area(int n) const = 0;
};
struct Circle : Shape {
  KEPT int area(int n) const override {
    Count count(circle_t);
    return 3 * n * n;
  }
};
struct Square : Shape {
  KEPT int area(int n) const override {
    Count count(square_t);
    return n * n;
  }
};

inline Tally &tally_of(int) { return twice_int_t; }
inline Tally &tally_of(double) { return twice_double_t; }
template <typename T>
KEPT T twice(T value) {
  Count count(tally_of(value));
  return value + value;
}

KEPT int thrower(int n, int depth) {
  Count count(thrower_t);
  if (depth > 1) return thrower(n, depth - 1) + 1;
  if (n % 4 == 0) throw std::runtime_error("every fourth");
  return n;
}

KEPT int attempt(int n) {
  Count count(attempt_t);
  try {
    return thrower(n, 3);
  } catch (const std::runtime_error &) {
    return -1;
  }
}

KEPT int deep(int n) {
  Count count(deep_t);
  return n > 0 ? deep(n - 1) + 1 : 0;
}

KEPT int fragile(int n) {
  Count count(fragile_t);
  if (n % 2 == 0) throw n;
  return n;
}

KEPT int catching(int n) {
  try {
    return fragile(n);
  } catch (int thrown) {
    return -thrown;
  }
}

KEPT int below(int n) {
  Count count(below_t);
  return n + 1;
}

KEPT int descend(int n) {
  volatile char room[4096];
  room[n & 4095] = 1;
  return below(n) + room[0];
}

// Calls on after an exception, deeper in its stack than the call that the exception left.
KEPT int rescue(int n) {
  Count count(rescue_t);
  return catching(n) + descend(n);
}

}  // namespace shop

static const std::unique_ptr<shop::Shape> shapes[] = {std::make_unique<shop::Circle>(), std::make_unique<shop::Square>()};
static volatile int sink;

static const std::map<std::string, std::function<void(int)>> works = {
    {"throw", [](int turn) { sink = shop::attempt(turn); }},
    {"rescue", [](int turn) { sink = shop::rescue(turn); }},
    {"virtual", [](int turn) { sink = shapes[turn % 2]->area(turn & 0xff); }},
    {"template", [](int turn) { sink = turn % 3 ? shop::twice(turn) : int(shop::twice(double(turn))); }},
    {"recurse", [](int turn) { sink = shop::deep(turn % 50); }}};

static void deal(const std::function<void(int)> &turn, int count, int threads) {
  std::atomic<int> next{0};
  std::vector<std::thread> all;
  for (int i = 0; i < threads; i++)
    all.emplace_back([&] {
      for (int n; (n = next++) < count;) turn(n);
    });
  for (auto &thread : all) thread.join();
}

static std::string truth() {
  std::ostringstream out;
  out << "{\"functions\":{";
  const char *comma = "";
  for (const auto &[name, tally] : tallies) {
    out << comma << '"' << name << "\":{\"calls\":" << tally->calls << ",\"returns\":" << tally->returns
        << ",\"unwound\":" << tally->unwound << '}';
    comma = ",";
  }
  out << "}}";
  return out.str();
}

static std::string obey(const std::string &line) {
  std::istringstream words(line);
  std::string command, work;
  int count = 0, threads = 0;
  words >> command >> work >> count >> threads;
  if (command == "truth") return truth();
  if (command == "reset") {
    for (const auto &[name, tally] : tallies) tally->calls = tally->returns = tally->unwound = 0;
    return "{\"reset\":true}";
  }
  const auto found = works.find(work);
  if (command != "run" || found == works.end()) return "{\"error\":\"unknown command\"}";
  deal(found->second, count, threads);
  return truth();
}

int main() {
  std::cout << "{\"ready\":true,\"pid\":" << getpid() << "}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) std::cout << obey(line) << std::endl;
}
