# cmake -DLIST=FILE -DOUTPUT=FILE -P EmbedAssetsScript.cmake
# Writes one C++ file with each listed file's path, media type, ETag (SHA-256) and octets. LIST holds PATH=FILE lines.
function(media_type path result)
  get_filename_component(extension ${path} LAST_EXT)
  set(type_.html "text/html; charset=utf-8")
  set(type_.css "text/css; charset=utf-8")
  set(type_.js "text/javascript; charset=utf-8")
  set(type_.json "application/json")
  set(type_.svg "image/svg+xml")
  set(type_.png "image/png")
  set(type_.ico "image/x-icon")
  set(type_.woff2 "font/woff2")
  set(type_.toml "application/toml")
  set(type_.txt "text/plain; charset=utf-8")
  set(type_.webmanifest "application/manifest+json")
  set(${result} "${type_${extension}}" PARENT_SCOPE)
endfunction()

file(STRINGS ${LIST} lines)
list(SORT lines)
set(rows "")
foreach(line IN LISTS lines)
  string(REGEX MATCH "^([^=]*)=(.*)$" matched "${line}")
  set(path "${CMAKE_MATCH_1}")
  set(file "${CMAKE_MATCH_2}")
  media_type(${path} type)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 32 tag)
  file(READ ${file} octets HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" octets "${octets}")
  string(LENGTH "${octets}" length)
  math(EXPR length "${length} / 4")
  string(APPEND rows "    {\"${path}\", \"${type}\", \"\\\"${tag}\\\"\", {\"${octets}\", ${length}}},\n")
endforeach()

file(WRITE ${OUTPUT} "#include \"http/assets.h\"

namespace mailassay::assets {
namespace {
const Asset kAssets[] = {
${rows}};
}  // namespace

std::span<const Asset> all() { return kAssets; }

}  // namespace mailassay::assets
")
