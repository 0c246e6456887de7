// Events as the API sends them.
#pragma once

#include "store/store.h"

#include <string>

#include <boost/json.hpp>

namespace mailassay::journal {

// {"id","parent","message","at","phase","kind","data"}; parent and message are null where there is none.
boost::json::object to_json(const store::Event& event);
// The same for a step that is in no journal (check --format events, /api/v1/evaluate).
boost::json::object to_json(const trace::Step& step, const std::string& message_id);
// "id: 17\nevent: step\ndata: {…}\n\n"; event is "verdict" for phase verdict.
std::string to_sse(const store::Event& event);
// The last thing a viewer hears of an inbox that expired or was deleted: "event: gone".
std::string gone_sse();

}  // namespace mailassay::journal
