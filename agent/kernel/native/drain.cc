#include "drain.h"

#include <bpf/libbpf.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "failure.h"

namespace coral {
namespace {

// Records that wake nobody wait at most this long.
constexpr int kPollMs = 50;

constexpr size_t kQueuedSeconds = 4;

}  // namespace

Drain::Drain(int ring_fd, const Sizes& sizes, MappedArray<coral_knobs>& knobs, MappedArray<uint64_t>& losses)
    : max_slow_(sizes.max_slow),
      max_queued_(kQueuedSeconds * sizes.max_calls_per_second),
      knobs_(knobs), losses_(losses), rate_limit_(sizes.max_calls_per_second), slowest_(sizes.slots) {
  ring_ = ring_buffer__new(ring_fd, on_record, this, nullptr);
  if (!ring_) throw Failure{errno, "opening the ring buffer"};
  stop_fd_ = eventfd(0, EFD_CLOEXEC);
  poll_fd_ = epoll_create1(EPOLL_CLOEXEC);
  for (int fd : {stop_fd_, ring_fd}) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(poll_fd_, EPOLL_CTL_ADD, fd, &event);
  }
  thread_ = std::thread([this] { run(); });
}

Drain::~Drain() {
  eventfd_write(stop_fd_, 1);
  thread_.join();
  ring_buffer__free(ring_);
  close(poll_fd_);
  close(stop_fd_);
}

void Drain::run() {
  for (;;) {
    epoll_event events[2];
    int ready = epoll_wait(poll_fd_, events, 2, kPollMs);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == stop_fd_) return;
    }
    std::lock_guard<std::mutex> hold(lock_);
    empty_ring();
  }
}

void Drain::empty_ring() { ring_buffer__consume(ring_); }

int Drain::on_record(void* drain, void* record, size_t bytes) {
  auto* first = static_cast<uint8_t*>(record);
  ShownCall shown = {*static_cast<coral_call*>(record), {first + sizeof(coral_call), first + bytes}};
  static_cast<Drain*>(drain)->accept(std::move(shown));
  return 0;
}

void Drain::accept(ShownCall shown) {
  coral_call& call = shown.call;
  call.call_id = ++last_call_id_;
  if (call.slot < slowest_.size()) {
    slowest_[call.slot].offer(shown, max_slow_);
    __atomic_store_n(&knobs_[call.slot].slowest_threshold_ns, slowest_[call.slot].threshold_ns(max_slow_), __ATOMIC_RELAXED);
  }
  if (call.flags) queue(std::move(shown));
}

// A taker that does not come for seconds is over the limit too.
void Drain::queue(ShownCall shown) {
  if (queued_.size() < max_queued_ && rate_limit_.allows())
    queued_.push_back(std::move(shown));
  else
    __atomic_fetch_add(&losses_[CORAL_LOSS_RATE_LIMITED], 1, __ATOMIC_RELAXED);
}

std::vector<ShownCall> Drain::take_calls() {
  std::lock_guard<std::mutex> hold(lock_);
  empty_ring();
  return std::exchange(queued_, {});
}

std::vector<ShownCall> Drain::slowest_calls() {
  std::lock_guard<std::mutex> hold(lock_);
  empty_ring();
  std::vector<ShownCall> all;
  for (const auto& slot : slowest_) all.insert(all.end(), slot.calls().begin(), slot.calls().end());
  return all;
}

}  // namespace coral
