#include "smtp/activity.h"

#include "smtp/command.h"

namespace mailassay::smtp {
namespace {

constexpr std::size_t kept_refusals = 50;

}  // namespace

void Activity::connected(const net::IpAddress& peer) {
  const bool outside = peer.special_purpose() != "loopback";
  const std::lock_guard lock(mutex_);
  ++now_.connections;
  if (!outside) return;
  now_.last_from_outside = std::chrono::system_clock::now();
  now_.last_outside_peer = peer;
}

void Activity::mail_received() {
  const std::lock_guard lock(mutex_);
  ++now_.mails;
}

void Activity::refused(const net::IpAddress& peer, std::string_view line, const Reply& reply) {
  Refusal refusal{std::chrono::system_clock::now(), peer, mask_local_parts(without_secrets(line)), reply.code,
                  reply.lines.empty() ? std::string() : reply.lines.front()};
  const std::lock_guard lock(mutex_);
  ++now_.refused;
  refusals_.push_back(std::move(refusal));
  if (refusals_.size() > kept_refusals) refusals_.pop_front();
}

Activity::Snapshot Activity::snapshot() const {
  const std::lock_guard lock(mutex_);
  Snapshot result = now_;
  result.refusals.assign(refusals_.begin(), refusals_.end());
  return result;
}

}  // namespace mailassay::smtp
