#include "store/store.h"

namespace mailassay::store {

std::string_view to_string(MessageState state) {
  switch (state) {
    case MessageState::receiving:
      return "receiving";
    case MessageState::judging:
      return "judging";
    case MessageState::judged:
      return "judged";
    case MessageState::aborted:
      return "aborted";
  }
  return "receiving";
}

}  // namespace mailassay::store
