// What a judgement past the cache adds: beside each authoritative answer, what the configured resolver says
// at this moment, and how long an older answer may live on.
#pragma once

#include "dns/resolver.h"
#include "trace/step.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mailassay::evaluation {

// Two views of the DNS for one evaluation, each asking a question once. Both outlast their owner while
// questions are under way (dns/lasting.h).
struct FreshDns {
  std::unique_ptr<dns::Resolver> authoritative;  // the zones' own servers
  std::unique_ptr<dns::Resolver> configured;     // the configured resolver, past our cache
};
using MakeFreshDns = std::function<FreshDns()>;  // called on the thread of the evaluation

// Answers by authority, and asks the configured resolver the same meanwhile.
class SideBySide final : public dns::Resolver {
 public:
  explicit SideBySide(const FreshDns& dns) : dns_(dns) {}

  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override;
  void prefetch(std::string name, dns::Type type) override;

 private:
  const FreshDns& dns_;
};

struct Held {
  dns::AnswerPtr authoritative;
  dns::AnswerPtr resolver;

  // In status or records, whatever their order.
  bool differs() const;
  // The most seconds that resolvers may go on giving an older answer: the longer of the two TTLs.
  std::uint32_t held_for() const;
};

// Both answers to each question among the steps, in their order, each once.
boost::asio::awaitable<std::vector<Held>> still_held(std::vector<trace::Step> steps, const FreshDns& dns);

}  // namespace mailassay::evaluation
