// The catalogue of words (web/i18n/*.json): the page and the command line say the same thing of a step.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace mailassay::cli {

class Words {
 public:
  // The catalogue of a language ("en", "ko"), English if there is none. The embedded files are part of the
  // program.
  explicit Words(std::string_view language);
  // A catalogue of one's own, for tests.
  explicit Words(boost::json::object catalogue);

  // What happened, in one line; a kind without an entry is told by its facts.
  std::string text(std::string_view kind, const boost::json::object& facts) const;
  // Why it matters; empty if the catalogue does not say.
  std::string why(std::string_view kind, const boost::json::object& facts) const;
  // A code of a step of that kind in words ("cause.dmarc.no_record" before "cause.no_record"), or the code
  // itself.
  std::string code(std::string_view kind, std::string_view code) const;

 private:
  std::string fill(std::string_view kind, std::string_view pattern, const boost::json::object& facts) const;
  std::string told(std::string_view kind, std::string_view name, const boost::json::value* value) const;
  std::string pattern(const boost::json::value& entry, const boost::json::object& facts) const;

  boost::json::object catalogue_;
};

// The language that LC_ALL, LC_MESSAGES or LANG (in that order, the first that is set) asks for, if there is
// a catalogue of it, else "en".
std::string language_of_environment();

}  // namespace mailassay::cli
