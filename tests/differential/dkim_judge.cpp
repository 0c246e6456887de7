// dkim_judge NAME TEXT FILE…: each file's first DKIM signature, judged with that one TXT record; a line each,
// "pass" or "fail body_hash_mismatch".
#include "evaluation/dkim/verify.h"
#include "support/run.h"
#include "support/txt_resolver.h"

#include <fstream>
#include <iostream>
#include <iterator>

int main(int argc, char** argv) {
  using namespace mailassay;
  if (argc < 4) {
    std::cerr << "usage: dkim_judge NAME TEXT FILE...\n";
    return 2;
  }
  test::TxtResolver resolver;
  resolver.add(argv[1], std::string(argv[2]));
  const evaluation::Limits limits;
  for (int i = 3; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const message::Message mail(std::string(std::istreambuf_iterator<char>(file), {}));
    trace::Recorder recorder;
    const auto outcomes = test::run(dkim::verify(mail, resolver, {&recorder, trace::Phase::dkim},
                                                 std::chrono::system_clock::now(), limits));
    if (outcomes.empty())
      std::cout << "none\n";
    else
      std::cout << evaluation::to_string(outcomes[0].result) << " " << outcomes[0].cause << "\n";
  }
  return 0;
}
