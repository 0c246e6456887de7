# embed_assets(TARGET ROOTS folder... SOURCES file...): a library that holds the files below each root in the binary,
# found by http/assets.h under their path below it. SOURCES are compiled beside the table.
function(embed_assets target)
  cmake_parse_arguments(embed "" "" "ROOTS;SOURCES" ${ARGN})
  set(files "")
  set(lines "")
  foreach(root IN LISTS embed_ROOTS)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${root}/*.html ${root}/*.css ${root}/*.js ${root}/*.json ${root}/*.svg
         ${root}/*.png ${root}/*.ico ${root}/*.woff2 ${root}/*.txt ${root}/*.webmanifest ${root}/*/scenario.toml)
    list(FILTER found EXCLUDE REGEX "/node_modules/")
    list(APPEND files ${found})
    foreach(file IN LISTS found)
      file(RELATIVE_PATH path ${root} ${file})
      string(APPEND lines "${path}=${file}\n")
    endforeach()
  endforeach()
  set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedAssetsScript.cmake)
  set(list_file ${CMAKE_CURRENT_BINARY_DIR}/${target}.list)
  set(table ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  file(CONFIGURE OUTPUT ${list_file} CONTENT "${lines}" @ONLY)
  add_custom_command(
    OUTPUT ${table}
    COMMAND ${CMAKE_COMMAND} -DLIST=${list_file} -DOUTPUT=${table} -P ${script}
    DEPENDS ${files} ${list_file} ${script}
    COMMENT "Embedding the web files and scenarios"
    VERBATIM)
  add_library(${target} STATIC ${table} ${embed_SOURCES})
  target_link_libraries(${target} PUBLIC mailassay_options)
  set_source_files_properties(${table} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()
