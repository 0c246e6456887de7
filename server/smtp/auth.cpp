#include "smtp/auth.h"

#include <algorithm>

namespace mailassay::smtp {
namespace {

int base64_value(char c) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto found = alphabet.find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

Reply challenge(std::string text) {
  return {334, "", {std::move(text)}};
}
Reply accepted() {
  return {235, "2.7.0", {"Welcome; any name and password are accepted here"}};
}
Reply undecodable(std::string text) {
  return {501, "5.5.2", {std::move(text)}};
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  text.remove_suffix(padding);
  std::string decoded;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFF;
    count += 6;
    if (count >= 8) decoded += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return decoded;
}

std::optional<AuthExchange> AuthExchange::start(std::string_view mechanism) {
  if (mechanism == "PLAIN") return AuthExchange(Wants::plain);
  if (mechanism == "LOGIN") return AuthExchange(Wants::login_name);
  return std::nullopt;
}

Reply AuthExchange::begin(const std::optional<std::string>& initial_response) {
  if (initial_response) return take(*initial_response == "=" ? "" : *initial_response);  // section 4
  return challenge(wants_ == Wants::plain ? "" : "VXNlcm5hbWU6");                        // "Username:"
}

Reply AuthExchange::respond(std::string_view line) {
  if (line == "*") return {501, "5.0.0", {"AUTH was cancelled by \"*\""}};
  return take(line);
}

Reply AuthExchange::take(std::string_view base64) {
  const auto decoded = decode_base64(base64);
  if (!decoded) return undecodable("That is not base64; send the response encoded, or * to cancel");
  switch (wants_) {
    case Wants::plain:
      if (std::count(decoded->begin(), decoded->end(), '\0') != 2) {
        return undecodable("AUTH PLAIN wants base64 of: [authorization-id] NUL name NUL password");
      }
      return accepted();
    case Wants::login_name:
      wants_ = Wants::login_password;
      return challenge("UGFzc3dvcmQ6");  // "Password:"
    case Wants::login_password:
      return accepted();
  }
  return accepted();
}

}  // namespace mailassay::smtp
