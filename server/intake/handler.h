// The handler behind SMTP: an accepted mail's life from RCPT to its verdict.
#pragma once

#include "intake/reception.h"
#include "smtp/handler.h"

#include <memory>

namespace mailassay::intake {

// One for each I/O thread; outlives its connections.
class HandlerFactory final : public smtp::HandlerFactory {
 public:
  explicit HandlerFactory(Reception reception) : reception_(std::move(reception)) {}
  std::unique_ptr<smtp::Handler> make_handler(boost::asio::any_io_executor executor,
                                              net::IpAddress peer) override;

 private:
  Reception reception_;
};

}  // namespace mailassay::intake
