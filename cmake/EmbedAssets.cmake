# embed_assets(TARGET FOLDER SOURCE...): a library that holds FOLDER's web files in the binary, found by
# http/assets.h. SOURCEs are compiled beside the table.
function(embed_assets target folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*.html ${folder}/*.css ${folder}/*.js ${folder}/*.json
       ${folder}/*.svg ${folder}/*.png ${folder}/*.ico ${folder}/*.woff2 ${folder}/*.txt ${folder}/*.webmanifest)
  list(FILTER files EXCLUDE REGEX "/node_modules/")
  set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedAssetsScript.cmake)
  set(list_file ${CMAKE_CURRENT_BINARY_DIR}/${target}.list)
  set(table ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  list(JOIN files "\n" lines)
  file(CONFIGURE OUTPUT ${list_file} CONTENT "${lines}\n" @ONLY)
  add_custom_command(
    OUTPUT ${table}
    COMMAND ${CMAKE_COMMAND} -DLIST=${list_file} -DFOLDER=${folder} -DOUTPUT=${table} -P ${script}
    DEPENDS ${files} ${list_file} ${script}
    COMMENT "Embedding the web files"
    VERBATIM)
  add_library(${target} STATIC ${table} ${ARGN})
  target_link_libraries(${target} PUBLIC mailassay_options)
  set_source_files_properties(${table} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()
