#include "smtp/data_decoder.h"

// RapidCheck's header stands on GoogleTest's
// clang-format off
#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
// clang-format on

namespace mailassay::smtp {
namespace {

constexpr std::uint64_t plenty = 1000000;

struct Decoded {
  std::string octets;
  std::size_t taken = 0;
  bool done = false;
  LineFault fault = LineFault::none;
  std::uint64_t fault_line = 0, size = 0, lines = 0;
  bool too_large = false;
  bool operator==(const Decoded&) const = default;
};

template <typename Decode>
Decoded in_pieces(std::string_view octets, std::size_t piece, Content content, Decode decode) {
  Decoded result;
  while (result.taken < octets.size() && !result.done) {
    result.taken += decode(octets.substr(result.taken, piece), content, result.done);
  }
  result.fault = content.fault();
  result.fault_line = content.fault_line();
  result.size = content.size();
  result.lines = content.lines();
  result.too_large = content.too_large();
  result.octets = content.take();
  return result;
}

Decoded decode_data(std::string_view octets, std::size_t piece = std::string_view::npos,
                    std::uint64_t limit = plenty) {
  DataDecoder decoder;
  return in_pieces(octets, piece, Content(limit), [&](std::string_view part, Content& content, bool& done) {
    const auto taken = decoder.decode(part, content);
    done = decoder.done();
    return taken;
  });
}

Decoded decode_chunk(std::string_view octets, std::size_t piece, std::uint64_t limit = plenty) {
  ChunkDecoder decoder;
  decoder.start(octets.size());
  return in_pieces(octets, piece, Content(limit), [&](std::string_view part, Content& content, bool& done) {
    const auto taken = decoder.decode(part, content);
    done = decoder.done();
    if (done) decoder.finish(content);
    return taken;
  });
}

TEST(DataDecoder, UnstuffsDotsAndStopsAtTheEnd) {
  const auto mail = decode_data("a\r\n..b\r\n...\r\n.c\r\n\r\n.\r\nQUIT\r\n");
  EXPECT_TRUE(mail.done);
  EXPECT_EQ(mail.octets, "a\r\n.b\r\n..\r\nc\r\n\r\n");
  EXPECT_EQ(mail.taken, 22U);
  EXPECT_EQ(mail.fault, LineFault::none);
  EXPECT_EQ(mail.lines, 5U);
}

TEST(DataDecoder, TakesAnEmptyMail) {
  const auto mail = decode_data(".\r\n");
  EXPECT_TRUE(mail.done);
  EXPECT_EQ(mail.octets, "");
}

struct Smuggle {
  std::string_view octets;
  LineFault fault;
  std::uint64_t line;
};

TEST(DataDecoder, EndsOnlyAtCrLfDotCrLf) {
  using namespace std::string_view_literals;
  const Smuggle cases[] = {
      {"a\n.\nMAIL\r\n.\r\n"sv, LineFault::bare_lf, 1},
      {"a\r\n.\nMAIL\r\n.\r\n"sv, LineFault::bare_lf, 2},
      {"a\n.\r\nMAIL\r\n.\r\n"sv, LineFault::bare_lf, 1},
      {"a\r.\r\nMAIL\r\n.\r\n"sv, LineFault::bare_cr, 1},
      {"a\r\n.\rMAIL\r\n.\r\n"sv, LineFault::bare_cr, 2},
      {"a\r\r\n.\r\n"sv, LineFault::bare_cr, 1},
      {"a\r.\rMAIL\r\n.\r\n"sv, LineFault::bare_cr, 1},
      {"a\r\n\0\n.\r\n\r\n.\r\n"sv, LineFault::bare_lf, 2},
  };
  for (const auto& c : cases) {
    const auto mail = decode_data(c.octets);
    EXPECT_TRUE(mail.done) << c.octets;
    EXPECT_EQ(mail.taken, c.octets.size()) << c.octets;
    EXPECT_EQ(mail.fault, c.fault) << c.octets;
    EXPECT_EQ(mail.fault_line, c.line) << c.octets;
  }
}

TEST(DataDecoder, KeepsCountingBeyondTheLimitWithoutKeeping) {
  const auto mail = decode_data("12345678\r\n90\r\n.\r\n", 4, 13);
  EXPECT_TRUE(mail.done);
  EXPECT_TRUE(mail.too_large);
  EXPECT_EQ(mail.size, 14U);
  EXPECT_EQ(mail.octets, "");
  EXPECT_FALSE(decode_data("12345678\r\n90\r\n.\r\n", 4, 14).too_large);
}

// Octets that matter, so that short strings hit every transition.
rc::Gen<std::string> hostile_octets() {
  return rc::gen::container<std::string>(rc::gen::element('.', '\r', '\n', 'a'));
}

RC_GTEST_PROP(DataDecoder, AnyPiecesGiveTheSame, ()) {
  const auto octets = *hostile_octets() + "\r\n.\r\nrest";
  const auto limit = *rc::gen::inRange<std::uint64_t>(0, 40);
  const auto whole = decode_data(octets, std::string_view::npos, limit);
  RC_ASSERT(whole.done);
  const auto piece = *rc::gen::inRange<std::size_t>(1, octets.size() + 1);
  RC_ASSERT(decode_data(octets, piece, limit) == whole);
  RC_ASSERT(decode_data(octets, 1, limit) == whole);
}

RC_GTEST_PROP(DataDecoder, GivesBackWhatAClientStuffed, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::element('.', 'a', ' ')));
  std::string mail, stuffed;
  for (const auto& line : lines) {
    mail += line + "\r\n";
    stuffed += (line.starts_with('.') ? "." : "") + line + "\r\n";
  }
  const auto decoded = decode_data(stuffed + ".\r\n");
  RC_ASSERT(decoded.done);
  RC_ASSERT(decoded.octets == mail);
  RC_ASSERT(decoded.fault == LineFault::none);
}

RC_GTEST_PROP(ChunkDecoder, AnyPiecesGiveTheSameAndFindBareOctets, ()) {
  const auto octets = *rc::gen::nonEmpty(hostile_octets());
  const auto whole = decode_chunk(octets, std::string_view::npos);
  RC_ASSERT(whole.octets == octets);
  RC_ASSERT(decode_chunk(octets, *rc::gen::inRange<std::size_t>(1, octets.size() + 1)) == whole);
  bool bare = false;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    bare |= octets[i] == '\r' && (i + 1 == octets.size() || octets[i + 1] != '\n');
    bare |= octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r');
  }
  RC_ASSERT((whole.fault != LineFault::none) == bare);
}

TEST(ChunkDecoder, JoinsALineEndAcrossChunks) {
  ChunkDecoder decoder;
  Content content(plenty);
  decoder.start(2);
  EXPECT_EQ(decoder.decode("a\rXX", content), 2U);
  EXPECT_TRUE(decoder.done());
  decoder.start(1);
  EXPECT_EQ(decoder.decode("\nBDAT", content), 1U);
  decoder.finish(content);
  EXPECT_EQ(content.fault(), LineFault::none);
  EXPECT_EQ(content.octets(), "a\r\n");
}

}  // namespace
}  // namespace mailassay::smtp
