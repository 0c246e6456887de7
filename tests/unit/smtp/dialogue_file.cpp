#include "dialogue_file.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

std::string unescape(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      octets += text[i];
      continue;
    }
    switch (text.at(++i)) {
      case 'r':
        octets += '\r';
        break;
      case 'n':
        octets += '\n';
        break;
      case '0':
        octets += '\0';
        break;
      case 'x':
        octets += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
        break;
      default:
        octets += text[i];
    }
  }
  return octets;
}

void apply_setting(DialogueFile& file, std::string_view setting) {
  const auto space = setting.find(' ');
  const auto name = setting.substr(0, space);
  const std::string value(setting.substr(space + 1));
  if (name == "ip") {
    file.client.ip = net::IpAddress::parse(value).value();
  } else if (name == "auth") {
    file.options.auth = value == "always" ? AuthOffer::always : AuthOffer::never;
  } else if (name == "tls") {
    file.options.tls = value == "on";
  } else if (name == "implicit_tls") {
    file.client.implicit_tls = value == "on";
  } else if (name == "max_mail") {
    file.options.max_mail_octets = std::stoull(value);
  } else if (name == "max_recipients") {
    file.options.max_recipients = std::stoull(value);
  } else if (name == "max_errors") {
    file.options.max_errors = std::stoi(value);
  } else {
    throw std::runtime_error("unknown setting " + std::string(name));
  }
}

Event::Kind event_kind(const std::string& word) {
  static const std::map<std::string, Event::Kind> kinds = {{"tls", Event::Kind::tls},
                                                           {"tls_failed", Event::Kind::tls_failed},
                                                           {"timeout", Event::Kind::timeout},
                                                           {"lost", Event::Kind::lost},
                                                           {"shutdown", Event::Kind::shutdown}};
  return kinds.at(word);
}

void read_line(DialogueFile& file, const std::string& line) {
  const auto text = line.size() > 2 ? line.substr(2) : std::string();
  switch (line.front()) {
    case '#':
      break;
    case '@':
      apply_setting(file, text);
      break;
    case 'C':
      file.events.push_back({Event::Kind::octets, text + "\r\n", {}});
      break;
    case 'R':
      file.events.push_back({Event::Kind::octets, unescape(text), {}});
      break;
    case 'E':
      file.events.push_back({event_kind(text), "", {}});
      break;
    case 'S':
      file.events.back().replies.push_back(text);
      break;
    case '=':
      file.steps.push_back(text);
      break;
    case 'H':
      file.calls.push_back(text);
      break;
    default:
      throw std::runtime_error(file.name + ": cannot read: " + line);
  }
}

std::string printable(std::string text) {
  std::replace(text.begin(), text.end(), '\0', '?');
  return text;
}

// The fact that tells most, as text.
std::string main_fact(const trace::Step& step) {
  for (const auto key : {"ip", "line", "code", "mail_from", "reason", "version", "error", "bytes"}) {
    for (const auto& fact : step.data) {
      if (fact.key != key) continue;
      if (const auto* text = std::get_if<std::string>(&fact.value.storage())) return " " + printable(*text);
      return " " + std::to_string(std::get<std::int64_t>(fact.value.storage()));
    }
  }
  return {};
}

}  // namespace

DialogueFile read_dialogue(const std::string& path) {
  DialogueFile file;
  file.name = path;
  file.options.hostname = "mx.test";
  file.client.ip = net::IpAddress::parse("192.0.2.1").value();
  file.events.emplace_back();
  std::ifstream lines(path);
  if (!lines) throw std::runtime_error("cannot read " + path);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) read_line(file, line);
  }
  return file;
}

Stage::Stage(const DialogueFile& file)
    : options(file.options), client(file.client), session(options, client, handler, activity) {
  session.connected();
}

void Stage::play(const Event& event) {
  switch (event.kind) {
    case Event::Kind::octets:
      send(event.octets);
      break;
    case Event::Kind::tls:
      session.tls_established({"TLSv1.3", "TLS_AES_256_GCM_SHA384"});
      break;
    case Event::Kind::tls_failed:
      session.tls_failed("no shared cipher");
      break;
    case Event::Kind::timeout:
      session.timed_out();
      break;
    case Event::Kind::lost:
      session.peer_closed();
      break;
    case Event::Kind::shutdown:
      session.shutting_down();
      break;
  }
}

void Stage::send(std::string_view octets, std::size_t piece) {
  while (!octets.empty() && session.wants() == Session::Wants::octets) {
    octets.remove_prefix(session.receive(octets.substr(0, piece)));
    if (session.wants() == Session::Wants::storage) store();
  }
}

void Stage::store() {
  auto mail = session.take_mail();
  Reply reply{451, "4.3.0", {"Fault"}};
  try {
    reply = handler.receive(mail.envelope, std::move(mail.octets));
  } catch (const std::exception&) {
  }
  session.mail_answered(std::move(reply));
}

std::vector<std::string> Stage::take_replies() {
  std::vector<std::string> lines;
  std::string_view output = session.output();
  while (!output.empty()) {
    const auto end = output.find("\r\n");
    lines.emplace_back(output.substr(0, end));
    output.remove_prefix(end + 2);
  }
  session.output().clear();
  return lines;
}

std::vector<std::string> Stage::step_tree() const {
  std::vector<std::string> tree;
  std::vector<std::size_t> depth{0};
  for (const auto& step : handler.recorder.steps()) {
    depth.push_back(step.parent == 0 ? 0 : depth.at(step.parent) + 1);
    tree.push_back(std::string(2 * depth.back(), ' ') + std::string(step.kind) + main_fact(step));
  }
  return tree;
}

void Stage::expect_everything_ended() const {
  EXPECT_EQ(session.wants(), Session::Wants::close);
  EXPECT_EQ(handler.count("closed"), 1U);
  EXPECT_EQ(handler.calls.back(), "closed");
  EXPECT_EQ(handler.count("mail_started"), handler.count("mail_answered") + handler.count("mail_aborted"));
  EXPECT_EQ(handler.recorder.steps().back().kind, "connection.closed");
}

}  // namespace mailassay::smtp
