// After a restart: mails that were stored but not judged are judged, those that never came whole are aborted.
#pragma once

#include "intake/reception.h"

#include <boost/asio/any_io_executor.hpp>

namespace mailassay::intake {

// Reads what is unfinished (blocks) and starts on it; `reception` is copied, `executor` is its resolver's.
// Call it once, before mails are received.
void resume(boost::asio::any_io_executor executor, const Reception& reception);

}  // namespace mailassay::intake
