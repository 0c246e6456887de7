# What every target here is compiled with.
add_library(mailassay_options INTERFACE)
target_include_directories(mailassay_options INTERFACE ${PROJECT_SOURCE_DIR}/server)
target_compile_options(mailassay_options INTERFACE -Wall -Wextra -Wpedantic -Werror)
target_link_libraries(mailassay_options INTERFACE Boost::headers Threads::Threads)
if(MAILASSAY_SANITIZE)
  target_compile_options(mailassay_options INTERFACE -fsanitize=${MAILASSAY_SANITIZE} -fno-omit-frame-pointer
                                                     -fno-sanitize-recover=all)
  target_link_options(mailassay_options INTERFACE -fsanitize=${MAILASSAY_SANITIZE})
endif()

# Asio and JSON headers cost seconds a unit: one precompiled header for every room that awaits.
add_library(mailassay_precompiled OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_link_libraries(mailassay_precompiled PUBLIC mailassay_options)
target_precompile_headers(mailassay_precompiled PRIVATE ${CMAKE_CURRENT_LIST_DIR}/precompiled.h)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(mailassay_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp") # or ccache never hits
endif()

# mailassay_room(NAME [AWAITS] [SOURCES file...] [LINKS target...])
# A library mailassay_NAME from the .cpp files of this folder (or SOURCES alone); AWAITS: uses coroutines.
function(mailassay_room name)
  cmake_parse_arguments(room "AWAITS" "" "SOURCES;LINKS" ${ARGN})
  if(NOT room_SOURCES)
    file(GLOB room_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  endif()
  add_library(mailassay_${name} STATIC ${room_SOURCES})
  target_link_libraries(mailassay_${name} PUBLIC mailassay_options ${room_LINKS})
  if(room_AWAITS)
    target_precompile_headers(mailassay_${name} REUSE_FROM mailassay_precompiled)
    target_link_libraries(mailassay_${name} PUBLIC OpenSSL::SSL) # asio/ssl.hpp in the precompiled header uses it
  endif()
endfunction()
