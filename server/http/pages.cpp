#include "http/pages.h"

#include "http/assets.h"
#include "http/form.h"
#include "http/problem.h"

#include <fmt/format.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;
constexpr int kFailuresAMinute = 10;

void answer(Call& call, const assets::Asset& asset) {
  call.response.set_header("ETag", std::string(asset.etag));
  call.response.set_header("Cache-Control", "no-cache");
  call.response.set_header("Vary", "Accept-Encoding");
  const std::string known = call.request.get_header_value("If-None-Match");
  if (known == "*" || known.find(asset.etag) != std::string::npos) {
    call.response.status = 304;
    return;
  }
  call.response.status = 200;
  call.response.set_content(asset.content.data(), asset.content.size(), std::string(asset.type));
}

void answer_index(Call& call) {
  const auto* index = assets::find("index.html");
  if (index == nullptr) return answer_problem(call.response, {404, "this binary was built without its page"});
  answer(call, *index);
}

// The catalogue of that language: one of ours.
json::object words_of(const std::string& language) {
  const auto* asset = assets::find("i18n/" + language + ".json");
  return asset ? json::parse(asset->content).as_object() : json::object{};
}

// What there is to choose from, for the page's switch.
void answer_languages(Call& call) {
  json::array tags;
  for (const auto tag : assets::languages()) tags.emplace_back(tag);
  call.response.status = 200;
  call.response.set_header("Cache-Control", "no-cache");
  call.response.set_content("export default " + json::serialize(tags) + ";\n",
                            "text/javascript; charset=utf-8");
}

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

void answer_login_form(Call& call, int status, const char* message_key) {
  const std::string language = preferred_language(call.request);
  const json::object words = words_of(language);
  const auto word = [&](const char* key) {
    const auto* value = words.if_contains(key);
    return escaped(value && value->is_string() ? std::string_view(value->get_string())
                                               : std::string_view(key));
  };
  const std::string message = message_key
                                  ? fmt::format("<p class=\"error\" role=\"alert\">{}</p>", word(message_key))
                                  : std::string();
  call.response.status = status;
  call.response.set_header("Cache-Control", "no-store");
  call.response.set_content(
      fmt::format(
          "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
          "<link rel=\"stylesheet\" href=\"/style.css\"></head><body class=\"login\"><main><h1>{}</h1>{}"
          "<form method=\"post\" action=\"/login\"><label>{} "
          "<input type=\"password\" name=\"key\" autocomplete=\"current-password\" required autofocus>"
          "</label> <button>{}</button></form></main></body></html>",
          language, word("login.title"), word("login.title"), message, word("login.key"),
          word("login.enter")),
      "text/html; charset=utf-8");
}

}  // namespace

std::string preferred_language(const httplib::Request& request) {
  const std::string accepted = request.get_header_value("Accept-Language");
  std::string_view rest = accepted;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    auto range = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (range.starts_with(' ')) range.remove_prefix(1);
    if (const auto tag = assets::language_of(range); !tag.empty()) return std::string(tag);
  }
  return "en";
}

Pages::Pages(const Access& access) : access_(access), failures_(kFailuresAMinute) {}

void Pages::add_routes(Router& router) {
  for (const char* path : {"/", "/learn", "/w/{token}", "/s/{share}"}) router.add("GET", path, answer_index);
  router.add("GET", "/js/languages.js", answer_languages);
  if (!access_.locked()) return;
  router.add("GET", "/login", [](Call& call) { answer_login_form(call, 200, nullptr); });
  router.add("POST", "/login", [this](Call& call) { log_in(call); });
}

bool Pages::answer_asset(Call& call) {
  if (call.request.method != "GET" && call.request.method != "HEAD") return false;
  const auto* asset = assets::find(std::string_view(call.request.path).substr(1));
  if (asset != nullptr) answer(call, *asset);
  return asset != nullptr;
}

void Pages::log_in(Call& call) {
  if (const auto wait = failures_.left_to_wait(call.client); wait.count() > 0) {
    call.response.set_header("Retry-After", std::to_string((wait.count() + 999) / 1000));
    return answer_login_form(call, 429, "login.too_often");
  }
  const auto form = parse_form(call.body);
  const auto key = form.find("key");
  if (key == form.end() || !access_.is_key(key->second)) {
    failures_.spend(call.client);
    return answer_login_form(call, 401, "login.wrong");
  }
  call.response.set_header("Set-Cookie", access_.cookie());
  call.response.set_redirect("/", 303);
}

}  // namespace mailassay::http
