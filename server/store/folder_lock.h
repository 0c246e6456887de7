// One server a data folder: a lock on a file in it, which the kernel releases however the holder ends.
#pragma once

#include <string>

namespace mailassay::store {

class FolderLock {
 public:
  // Makes the folder if it is absent. Throws std::runtime_error with one line that names the folder, and the
  // pid of the server that has it.
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace mailassay::store
