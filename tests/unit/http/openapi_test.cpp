// web/openapi.json against the server: a path without a description fails here.
#include "fixture.h"
#include "http/assets.h"
#include "http/pages.h"

#include <set>

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

namespace json = boost::json;
using Routes = std::set<std::pair<std::string, std::string>>;

constexpr const char* kSelf = "/openapi.json";

json::object document() {
  const auto* asset = assets::find("openapi.json");
  if (asset == nullptr) throw std::runtime_error("web/openapi.json is not embedded");
  return json::parse(asset->content).as_object();
}

bool is_method(std::string_view member) {
  return std::set<std::string_view>{"get", "post", "put", "patch", "delete", "options"}.contains(member);
}

std::string upper(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return text;
}

// Calls use(path, method, operation) for each operation, and for its path's own members.
void for_each_operation(const json::object& document, const auto& use) {
  for (const auto& [path, item] : document.at("paths").as_object())
    for (const auto& [member, operation] : item.as_object())
      if (is_method(member)) use(std::string(path), std::string(member), item.as_object());
}

Routes documented() {
  Routes routes;
  for_each_operation(document(), [&](const auto& path, const auto& method, const json::object&) {
    routes.emplace(upper(method), path);
  });
  return routes;
}

// What the server answers, but for the pages that people see and the web files.
Routes served(const HttpServer& host) {
  const http::Access access({});
  http::Router pages;
  http::Pages(access).add_routes(pages);
  const auto all = host.server->routes();
  Routes routes(all.begin(), all.end());
  for (const auto& page : pages.routes()) EXPECT_EQ(routes.erase(page), 1U) << page.second;
  return routes;
}

// Each object in the document, wherever it stands.
void walk(const json::value& value, const auto& use) {
  if (value.is_object()) {
    use(value.get_object());
    for (const auto& member : value.get_object()) walk(member.value(), use);
  } else if (value.is_array()) {
    for (const auto& element : value.get_array()) walk(element, use);
  }
}

const json::value* resolved(const json::value& root, std::string_view reference) {
  if (!reference.starts_with("#/")) return nullptr;
  boost::system::error_code error;
  return root.find_pointer(reference.substr(1), error);
}

// The names in braces.
std::set<std::string> names_in(const std::string& path) {
  std::set<std::string> names;
  for (const auto& segment : http::segments_of(path))
    if (segment.starts_with('{')) names.insert(segment.substr(1, segment.size() - 2));
  return names;
}

void add_path_parameters(const json::value& root, const json::object& holder, std::set<std::string>& names) {
  const auto* parameters = holder.if_contains("parameters");
  if (parameters == nullptr) return;
  for (const auto& entry : parameters->as_array()) {
    const auto* reference = entry.as_object().if_contains("$ref");
    const auto& parameter = reference ? *resolved(root, reference->as_string()) : entry;
    if (parameter.at("in").as_string() == "path") names.emplace(parameter.at("name").as_string());
  }
}

TEST(OpenApi, EveryRouteIsDescribedAndNothingElse) {
  HttpServer host;
  auto expected = served(host);
  expected.emplace("GET", kSelf);  // a web file
  EXPECT_EQ(documented(), expected);
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  const json::value root = document();
  std::set<std::string> used;
  walk(root, [&](const json::object& object) {
    const auto* reference = object.if_contains("$ref");
    if (reference == nullptr) return;
    ASSERT_TRUE(reference->is_string());
    EXPECT_NE(resolved(root, reference->as_string()), nullptr) << reference->as_string();
    used.emplace(reference->as_string());
  });
  for (const auto& [kind, components] : root.at("components").as_object()) {
    if (kind == "securitySchemes") continue;
    for (const auto& [name, component] : components.as_object())
      EXPECT_TRUE(used.contains("#/components/" + std::string(kind) + "/" + std::string(name)))
          << kind << " " << name;
  }
}

TEST(OpenApi, OperationsHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for_each_operation(document(), [&](const auto& path, const auto& method, const json::object& item) {
    const auto& operation = item.at(method).as_object();
    EXPECT_TRUE(names.emplace(operation.at("operationId").as_string()).second) << path;
    EXPECT_FALSE(operation.at("summary").as_string().empty()) << path;
  });
  EXPECT_EQ(names.size(), documented().size());
}

TEST(OpenApi, PathsAndTheirParametersAgree) {
  const json::value root = document();
  for_each_operation(root.as_object(), [&](const auto& path, const auto& method, const json::object& item) {
    std::set<std::string> names;
    add_path_parameters(root, item, names);
    add_path_parameters(root, item.at(method).as_object(), names);
    EXPECT_EQ(names, names_in(path)) << path;
  });
}

TEST(OpenApi, ObjectsOfOurOwnAreClosed) {
  const auto described = document();
  for (const auto& [name, schema] : described.at("components").at("schemas").as_object())
    walk(schema, [&, name = std::string(name)](const json::object& object) {
      const auto* properties = object.if_contains("properties");
      // ReportParts is closed by the reports that it is a part of; a condition is no object of its own.
      if (properties == nullptr || name == "ReportParts" ||
          !(object.contains("type") || object.contains("allOf")))
        return;
      EXPECT_TRUE(object.contains("additionalProperties") || object.contains("unevaluatedProperties"))
          << name;
    });
}

TEST(OpenApi, IsServedAsJson) {
  HttpServer host;
  const auto result = host.client().Get(kSelf);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/json");
  EXPECT_TRUE(json_of(result).at("openapi").as_string().starts_with("3.1."));
}

TEST(OpenApi, TheKeyOpensItToo) {
  http::Options options;
  options.access_key = "sesame";
  HttpServer host(options);
  EXPECT_EQ(host.client().Get(kSelf)->status, 401);
  EXPECT_EQ(host.client().Get("/openapi.json/")->status, 401);
  const auto result = host.client().Get(kSelf, httplib::Headers{{"Authorization", "Bearer sesame"}});
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/json");
}

// What a path's description says about the key is what the server does.
TEST(OpenApi, SaysWhatTheKeyLocks) {
  const json::value root = document();
  for_each_operation(root.as_object(), [&](const auto& path, const auto& method, const json::object& item) {
    const auto& operation = item.at(method).as_object();
    const bool open = operation.contains("security") && operation.at("security").as_array().empty();
    EXPECT_EQ(open, http::is_open_path(path)) << path;
    EXPECT_EQ(!open, operation.at("responses").as_object().contains("401")) << path;
  });
}

}  // namespace
}  // namespace mailassay::test
