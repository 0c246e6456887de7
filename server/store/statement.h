// A prepared statement that is run with values in one call. Nothing is copied: values outlive the call.
#pragma once

#include "trace/step.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <SQLiteCpp/Statement.h>

namespace mailassay::store {

inline std::int64_t to_column(trace::TimePoint at) {
  return std::chrono::floor<std::chrono::microseconds>(at.time_since_epoch()).count();
}
inline trace::TimePoint to_time(std::int64_t column) {
  return trace::TimePoint(std::chrono::microseconds(column));
}

struct Blob {
  std::string_view octets;
};

class Statement {
 public:
  Statement(const SQLite::Database& database, const char* sql) : statement_(database, sql) {}

  // Runs it to its end; the number of rows it changed. Throws SQLite::Exception.
  template <typename... Values>
  int run(const Values&... values) {
    const Reset reset{statement_};
    bind_all(values...);
    return statement_.exec();
  }

  // Calls row(statement) for each row.
  template <typename Row, typename... Values>
  void each(Row row, const Values&... values) {
    const Reset reset{statement_};
    bind_all(values...);
    while (statement_.executeStep()) row(statement_);
  }

 private:
  // A statement that is not reset keeps its transaction open.
  struct Reset {
    SQLite::Statement& statement;
    ~Reset() {
      statement.tryReset();
      statement.clearBindings();
    }
  };

  template <typename... Values>
  void bind_all(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
  }
  void bind(int index, std::int64_t value) { statement_.bind(index, value); }
  void bind(int index, const std::string& value) { statement_.bindNoCopy(index, value); }
  void bind(int index, Blob value) {
    statement_.bindNoCopy(index, value.octets.data(), static_cast<int>(value.octets.size()));
  }
  void bind(int index, const std::optional<std::string>& value) {
    value ? statement_.bindNoCopy(index, *value) : statement_.bind(index);
  }

  SQLite::Statement statement_;
};

}  // namespace mailassay::store
