// Asks ahead what a record will need, and follows its includes and redirect while the evaluation is still
// elsewhere, so that the time to a verdict is the longest chain of questions, not their sum. It decides and
// counts nothing.
#pragma once

#include "dns/resolver.h"
#include "evaluation/spf/record.h"

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace mailassay::spf {

// The resolver of one check: passes questions on, but gives an answer that came ahead as it came.
class LookAhead final : public dns::Resolver {
 public:
  // At most `budget` terms are asked ahead: no more can be reached.
  LookAhead(boost::asio::any_io_executor executor, dns::Resolver& resolver, const net::IpAddress& ip,
            int budget);
  // Nothing more is asked, whatever still comes in.
  ~LookAhead() override;
  LookAhead(const LookAhead&) = delete;
  LookAhead& operator=(const LookAhead&) = delete;

  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override;
  void prefetch(std::string name, dns::Type type) override;

  // Asks for the record of `domain` itself before the check does, and reads it as soon as it comes.
  void begin(const std::string& domain);
  // Starts what `record`, published by `domain`, asks for without macros. A second call does nothing.
  void read(const Record& record, const std::string& domain);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace mailassay::spf
