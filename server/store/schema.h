// The tables, their version, and how a database is opened.
#pragma once

#include <string>

#include <SQLiteCpp/Database.h>

namespace mailassay::store {

// The one connection that writes; makes and migrates the tables. Throws std::runtime_error with one line when
// the file is of a newer version or is no database.
SQLite::Database open_for_writing(const std::string& path);
// A connection for one thread at a time, after open_for_writing.
SQLite::Database open_for_reading(const std::string& path);

}  // namespace mailassay::store
