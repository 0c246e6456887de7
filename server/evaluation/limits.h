// Every bound of the evaluation, by name, with the section it comes from.
#pragma once

#include <chrono>
#include <cstddef>

namespace mailassay::evaluation {

struct Limits {
  // RFC 7208 section 4.6.4
  int spf_lookups = 10;
  int spf_void_lookups = 2;
  int spf_mx_hosts = 10;
  int spf_ptr_names = 10;
  // RFC 9989 section 4.10
  int dmarc_tree_walk_queries = 8;
  // RFC 9989 section 11.5 wants a bound, not a number
  int dmarc_from_domains = 10;
  int dmarc_identifiers = 10;
  // RFC 6376 section 6.1 lets a verifier bound its work; RFC 8301 section 3.2 wants 1024 to 4096 bits
  // verified
  int dkim_signatures = 16;
  int dkim_min_rsa_bits = 1024;
  int dkim_max_rsa_bits = 4096;
  // RFC 8617 section 4.2.1
  int arc_instances = 50;
  // RFC 8601 section 3 (iprev) leaves the number open; RFC 7208's serves
  int iprev_names = 10;
};

}  // namespace mailassay::evaluation
