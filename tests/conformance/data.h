// Where the public conformance data is: MAILASSAY_CONFORMANCE, else beside the checkout.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace mailassay::test {

inline std::filesystem::path conformance_folder(const std::string& name) {
  const char* given = std::getenv("MAILASSAY_CONFORMANCE");
  return std::filesystem::path(given != nullptr ? given : MAILASSAY_CONFORMANCE_DEFAULT) / name;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace mailassay::test

// Without the data a user's test run says so; the project's own must have it.
#define MAILASSAY_NEED_FOLDER(folder)                                                                \
  if (!std::filesystem::exists(folder)) {                                                            \
    if (std::getenv("CI") != nullptr) FAIL() << (folder) << " is absent: set MAILASSAY_CONFORMANCE"; \
    GTEST_SKIP() << (folder) << " is absent: set MAILASSAY_CONFORMANCE to the conformance data";     \
  }
