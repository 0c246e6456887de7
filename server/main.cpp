#include "cli/commands.h"

int main(int argc, char** argv) {
  return mailassay::cli::run(argc, argv);
}
