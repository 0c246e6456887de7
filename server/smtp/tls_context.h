// The certificate that SMTP shows: the configured one, or a self-signed one made at first start.
#pragma once

#include "smtp/options.h"

#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace mailassay::smtp {

class TlsContext {
 public:
  // Reads options.tls_certificate and tls_key, or makes options.data_folder/tls-self-signed.pem (EC P-256,
  // ten years, for options.hostname, mode 0600) if both are empty. Throws std::runtime_error with one line
  // that names the file and its fault.
  explicit TlsContext(const Options& options);

  // For the next handshake; keep it as long as the stream made from it. Any thread.
  std::shared_ptr<boost::asio::ssl::context> current() const;
  // Reads the files again; throws as the constructor does, and then the old certificate stays. Any thread.
  void reload();

 private:
  std::string certificate_, key_;
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace mailassay::smtp
