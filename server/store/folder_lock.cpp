#include "store/folder_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace mailassay::store {
namespace {

std::string read_pid(int file) {
  char text[32];
  const auto length = ::pread(file, text, sizeof text, 0);
  return std::string(text, length > 0 ? static_cast<std::size_t>(length) : 0);
}

void write_pid(int file) {
  const auto pid = std::to_string(::getpid());
  // The pid only helps people: a full disk must not keep the server from starting.
  if (::ftruncate(file, 0) == 0 && ::pwrite(file, pid.data(), pid.size(), 0) < 0) return;
}

}  // namespace

FolderLock::FolderLock(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw std::runtime_error("data folder " + folder + " cannot be made: " + error.message() +
                             "; choose another with --data");
  const auto path = folder + "/lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0)
    throw std::runtime_error("data folder " + folder + " cannot be written: " + std::strerror(errno) +
                             "; choose another with --data");
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) {
    write_pid(file_);
    return;
  }
  const auto pid = read_pid(file_);
  ::close(file_);
  throw std::runtime_error("data folder " + folder + " is in use by another server (pid " +
                           (pid.empty() ? "unknown" : pid) + "); stop it or choose another with --data");
}

FolderLock::~FolderLock() {
  ::close(file_);
}

}  // namespace mailassay::store
