#!/usr/bin/python3
"""Random SPF policies, judged by mailassay and by pyspf from the same zone; every difference is shown.

    spf_differential.py [--cases 2000] [--seed N] [--judge build/mailassay]

Left out, since pyspf deviates from RFC 7208 there (each has a unit test here instead):
  - includes that lead back: pyspf refuses an include of oneself that is never reached (section 4.6.4 counts
    evaluated terms alone)
  - MX hosts and PTR names without addresses: pyspf asks for those behind the match too and counts them as void
    (sections 5.4 and 5.5 look one after the other), and takes a failed address look-up under ptr for a
    temperror (section 5.5: that name is skipped)
  - the same unknown modifier twice: a permerror for pyspf (section 6 forbids it for exp and redirect alone)
"""
import argparse
import ipaddress
import json
import random
import subprocess
import sys
import tempfile

import spf

NAMES = [f"d{i}.example" for i in range(8)]
HOSTS = [f"h{i}.example" for i in range(4)]
CLIENTS = ["192.0.2.1", "192.0.2.77", "198.51.100.9", "2001:db8::1", "2001:db8:0:1::9"]
NETWORKS = ["192.0.2.0/24", "192.0.2.1", "198.51.100.0/29", "203.0.113.0/24", "0.0.0.0/0"]
NETWORKS6 = ["2001:db8::/64", "2001:db8::1", "2001:db8::/32", "::/0", "fe80::/10"]
TARGETS = HOSTS + ["nowhere.example", "broken.example", "%{d}", "%{i}.list.example", "%{ir}.%{v}.list.example",
                   "%{l1r-}.%{d2}", "%{o}", "%{h}", "%{p}", "%{d1r}.example", "h0.example."]
MISTAKES = ["a:", "ip4:1.2.3", "include", "moo", "all:x", "ip4:1.2.3.4/33", "a:%{x}.example", "redirect:d1.example",
            "ptr/24", "exists:%{c}.example", "a:example", "ip6:::1/129", "-exp=d1.example", "a:b.123"]


class Zone:
    """Records by name and type; FAIL names answer SERVFAIL."""

    def __init__(self, rng):
        self.records = {}
        self.failing = {"broken.example"}
        for index, name in enumerate(NAMES):
            if rng.random() < 0.9:
                self.add(name, "TXT", policy(rng, index))
            if rng.random() < 0.03:
                self.add(name, "TXT", "v=spf1 -all")
            if rng.random() < 0.7:
                self.add(name, "A", rng.choice(CLIENTS[:3] + ["203.0.113.4"]))
            for preference, host in enumerate(rng.sample(HOSTS, rng.randint(0, 3))):
                self.add(name, "MX", f"{preference} {host}")
        for host in HOSTS:
            self.add(host, "A", rng.choice(CLIENTS[:3] + ["203.0.113.5"]))
            self.add(host, "AAAA", rng.choice(CLIENTS[3:] + ["2001:db8:ffff::1"]))
        for client in CLIENTS:
            reverse = ipaddress.ip_address(client).reverse_pointer
            for host in rng.sample(HOSTS, rng.randint(0, 2)):
                self.add(reverse, "PTR", host + ".")
            if rng.random() < 0.5:
                self.add(f"{client}.list.example" if ":" not in client else "six.list.example", "A", "127.0.0.2")
        self.add("why.example", "TXT", "%{i} may not send as %{s}; see %{D2}")

    def add(self, name, kind, data):
        self.records.setdefault((name, kind), []).append(data)

    def text(self):
        lines = [f"$SERVFAIL {name}" for name in self.failing]
        for (name, kind), values in self.records.items():
            for value in values:
                lines.append(f"{name} {kind} " + (f'"{value}"' if kind == "TXT" else value))
        return "\n".join(lines) + "\n"

    def lookup(self, name, qtype, strict=True, timeout=None):
        name = name.lower().rstrip(".")
        if name in self.failing:
            raise spf.TempError("DNS SERVFAIL")
        for value in self.records.get((name, qtype), []):
            yield (name, qtype), convert(qtype, value)


def convert(qtype, value):
    if qtype == "TXT":
        return [value.encode()]
    if qtype == "MX":
        preference, host = value.split()
        return int(preference), host
    return value.rstrip(".") if qtype == "PTR" else value


def term(rng, index):
    qualifier = rng.choice(["", "", "", "+", "-", "~", "?"])
    later = NAMES[index + 1:] + ["nowhere.example"] * (rng.random() < 0.05) + ["broken.example"] * (rng.random() < 0.05)
    cidr = rng.choice(["", "", "", "/24", "//64", "/24//64", "/0", "/32//128"])
    kind = rng.choice(["ip4", "ip4", "ip6", "a", "a:", "mx", "mx:", "include", "include", "include", "exists", "ptr", "ptr:"])
    if kind == "include":
        return f"{qualifier}include:{rng.choice(later)}" if later else f"{qualifier}ip4:{rng.choice(NETWORKS)}"
    if kind in ("ip4", "ip6"):
        return f"{qualifier}{kind}:{rng.choice(NETWORKS if kind == 'ip4' else NETWORKS6)}"
    if kind in ("a", "mx"):
        return qualifier + kind + cidr
    if kind == "ptr":
        return qualifier + kind
    target = rng.choice(TARGETS)
    return f"{qualifier}{kind.rstrip(':')}:{target}" + (cidr if kind in ("a:", "mx:") else "")


def policy(rng, index):
    terms = [term(rng, index) for _ in range(rng.randint(0, 6))]
    if rng.random() < 0.05:
        terms.insert(rng.randint(0, len(terms)), rng.choice(MISTAKES))
    if rng.random() < 0.3 and index + 1 < len(NAMES):
        terms.append("redirect=" + rng.choice(NAMES[index + 1:] + ["%{d1r}.nowhere.example"]))
    if rng.random() < 0.3:
        terms.insert(rng.randint(0, len(terms)), "exp=" + rng.choice(["why.example", "nowhere.example", "broken.example"]))
    if rng.random() < 0.1:
        terms.append("unknown=%{d}/x")
    if rng.random() < 0.6:
        terms.append(rng.choice(["-all", "~all", "?all", "all"]))
    return rng.choice(["v=spf1 ", "V=SPF1 ", "v=spf1  "]) + " ".join(terms)


def by_pyspf(zone, ip, helo, sender):
    spf.DNSLookup = zone.lookup
    query = spf.query(i=ip, s=sender, h=helo, receiver="unknown", strict=True)
    query.set_default_explanation("DEFAULT")
    result, _, explanation = query.check()
    return result, explanation if result == "fail" else None


def by_mailassay(judge, path, ip, helo, sender):
    command = judge.split() + ["spf", "--ip", ip, "--helo", helo, "--mail-from", sender, "--zone", path, "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    outcome = json.loads(run.stdout)
    explanation = outcome["explanation"] or "DEFAULT"
    return (outcome["result"], explanation if outcome["result"] == "fail" else None), outcome


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=int, default=2000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options.add_argument("--judge", default="build/mailassay")
    options = options.parse_args()
    print(f"seed {options.seed}")
    differences, results = 0, {}
    for case in range(options.cases):
        rng = random.Random(f"{options.seed}/{case}")
        zone = Zone(rng)
        ip = rng.choice(CLIENTS)
        helo = rng.choice(["d3.example", "mail.nowhere.example"])
        sender = rng.choice(["user@d0.example", "user@d1.example", "a-b@d2.example", "@d0.example", ""])
        with tempfile.NamedTemporaryFile("w", suffix=".zone") as file:
            file.write(zone.text())
            file.flush()
            ours, outcome = by_mailassay(options.judge, file.name, ip, helo, sender)
        theirs = by_pyspf(zone, ip, helo, sender)
        results[ours[0]] = results.get(ours[0], 0) + 1
        if ours == theirs:
            continue
        differences += 1
        print(f"case {case}: ip {ip} helo {helo} sender {sender!r}\n  mailassay {outcome}\n  pyspf {theirs}\n{zone.text()}")
    print(f"spf differential: {options.cases - differences}/{options.cases} agree; results {results}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
