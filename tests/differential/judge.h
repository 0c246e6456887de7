// A judge reads one case a line from standard input, a JSON object, and answers with one JSON object a line.
#pragma once

#include <exception>
#include <iostream>
#include <string>

#include <boost/json.hpp>

namespace mailassay::differential {

inline std::string text(const boost::json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

template <typename Judge>
int judge_lines(Judge judge) {
  std::string line;
  std::size_t number = 0;
  try {
    for (; std::getline(std::cin, line); ++number)
      std::cout << boost::json::serialize(judge(boost::json::parse(line).as_object())) << '\n';
  } catch (const std::exception& error) {
    std::cerr << "case " << number << ": " << error.what() << '\n';
    return 2;
  }
  return 0;
}

}  // namespace mailassay::differential
