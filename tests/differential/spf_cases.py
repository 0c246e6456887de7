"""Random SPF policies, the zone around them, and senders: 40 % plain, the rest each bent on one kind of trouble."""
import dataclasses
import ipaddress

from spf_zone import Zone

POLICIES = [f"d{i}.example" for i in range(8)]
HOSTS = [f"h{i}.example" for i in range(5)]
CLIENTS = ["192.0.2.1", "192.0.2.77", "198.51.100.9", "2001:db8::1", "2001:db8:0:1::9", "::ffff:192.0.2.1"]
V4 = ["192.0.2.1", "192.0.2.77", "198.51.100.9", "203.0.113.4"]
V6 = ["2001:db8::1", "2001:db8:0:1::9", "2001:db8:ffff::1"]
NETWORKS = {"ip4": ["192.0.2.0/24", "192.0.2.1", "198.51.100.0/29", "203.0.113.0/24", "0.0.0.0/0", "192.0.2.1/32"],
            "ip6": ["2001:db8::/64", "2001:db8::1", "2001:db8::/32", "::/0", "fe80::/10", "::ffff:192.0.2.1"]}
CIDRS = ["", "", "", "/24", "//64", "/24//64", "/0", "/32//128", "//0"]
VOID = ["nowhere.example", "empty.example", "dangling.example", "nullmx.example", "deep.nowhere.example"]
FAILING = ["broken.example", "late.example", "half.example"]
MACROS = """%{d} %{i}.list.example %{ir}.%{v}.list.example %{l1r-}.%{d2} %{o} %{h} %{h-}.list.example %{p} %{p} %{p}
  %{p2}.example %{d1r}.example %{D} %{L}.list.example %{s}.list.example %{l-+}.list.example %{d-}.example %{iR}.list.example
  %{d0200} %{o1r}.example %{h2} %{p}.%{d} %%.example a%_b.%{d} %{l}.%{s}.%{l}.%{h}.%{l}.%{s}.list.example
  %{S-}.%{S.}.%{s}.%{s}.%{d} x%-y.%{d} %{ir-}.%{d}""".split()
ODD = f"""h0.example. alias.example chained.example H1.Example d-1.d-2.example .example a..example {"x" * 64}.example
  manymx.example tenmx.example single.%{{d1}} example.%{{d1r}}""".split()
MISTAKES = """a: ip4:1.2.3 include include: moo all:x ip4:1.2.3.4/33 a:%{x}.example redirect:d1.example ptr/24
  exists:%{c}.example a:example ip6:::1/129 -exp=d1.example a:b.123 exists:%{d a:%(d).example exists:%{d;}.example
  exists:%{dx}.example exists:%{d2x}.example a:%.example x=%{c} x=%{d exp= redirect= =a ip4:1.2.3.4/032 ip4:1.2.3.4/ ip4:
  ip6:1.2.3.4 a/33 a//129 a/ a// mx/24/64 all/8 - ? a:b.example:80 ptr: exists exists: mx:/24 a:%{d0}.example a,
  a:h0.example, ip4:1.2.3.4//32 a:1.2.3.4 ipv4:1.2.3.4 -include a:h0.example/24/64 a/24:h0.example exists:%{}.example
  exp=%{p}.example x=%{p} a:foo_bar.example a:foo.ex_mple a:foo.-example a:foo.1e a:%%%{d} exists:%{d}% all. prt x.y-z_1=
  1x=2 default=pass exists:\u00e9.example exp=\u00e9.example exp=%{x}.example redirect=a.b.1""".split() + [
    "a\tmx", "x=1 x=2", "exp=d1.example exp=d2.example", "redirect=d1.example Redirect=d2.example"]
TEXTS = ["%{i} may not send as %{s}; see %{D2}", "%{c} %{r} %{t}", "", "100%", "caf\u00e9", "%{p} %{v} %{h} %{l1r-}",
         "%{S} %%%_%-.", "a text of more than 253 octets. " * 12, "%{d}.", "%{x}", "%{o} %{O} %{I}"]
SENDERS = ["user@d0.example", "user@d0.example", "user@d1.example", "a-b+c=d@d0.example", "first.last@d0.example", "",
           "@d0.example", "d0.example", '"a@b"@d0.example', "User@D0.Example", "user@d0.example.", "a..b@d0.example",
           ".".join(["local-part"] * 6) + "@d0.example", "y" * 64 + "@d0.example"]
STRANGERS = ["user@" + domain for domain in f"""localhost example nowhere.example talias.example broken.example half.example
  late.example empty.example dangling.example [192.0.2.1] {"x" * 64}.example""".split()]
STYLES = ["plain", "macros", "limits", "voids", "failing", "odd", "mistakes"]


@dataclasses.dataclass
class Case:
    zone: Zone
    ip: str
    helo: str
    mail_from: str


def target(rng, style):
    """A domain-spec."""
    bent = {"macros": MACROS, "voids": VOID, "failing": FAILING, "odd": ODD}.get(style)
    if bent and rng.random() < 0.5:
        return rng.choice(bent)
    return rng.choice(HOSTS * 3 + POLICIES + rng.choice([MACROS, VOID, FAILING, ODD]))


def letters(rng, text):
    return rng.choice([text] * 8 + [text.upper(), text.capitalize()])


def term(rng, style, index):
    qualifier = rng.choice(["", "", "", "+", "-", "~", "?"])
    asking = ["a", "a:", "mx", "mx:", "include", "include", "include", "exists", "ptr", "ptr:"]
    kind = rng.choice(asking if style in ("limits", "voids") else asking + ["ip4", "ip4", "ip6"])
    name = letters(rng, kind.rstrip(":"))
    if kind in NETWORKS:
        return f"{qualifier}{name}:{rng.choice(NETWORKS[kind])}"
    cidr = rng.choice(CIDRS) if kind[:2] in ("a", "a:", "mx") else ""
    if kind in ("a", "mx", "ptr"):
        return qualifier + name + cidr
    if kind == "include" and rng.random() < 0.85:
        # Mostly onwards, so that a policy comes to an end; sometimes back, and round.
        onwards = POLICIES[index + 1:] if rng.random() < 0.93 else POLICIES
        return f"{qualifier}{name}:{rng.choice(onwards or HOSTS)}"
    return f"{qualifier}{name}:{target(rng, style)}{cidr}"


def policy(rng, style, index):
    terms = [term(rng, style, index) for _ in range(rng.randint(2, 12) if style == "limits" else rng.randint(0, 6))]
    insert = lambda text: terms.insert(rng.randint(0, len(terms)), text)
    if rng.random() < (0.3 if style == "mistakes" else 0.01):
        insert(rng.choice(MISTAKES))
    if rng.random() < 0.3:
        insert(letters(rng, "redirect") + "=" + rng.choice(POLICIES[index + 1:] * 3 + [target(rng, style)]))
    if rng.random() < 0.4:
        text = f"why{rng.randrange(len(TEXTS))}.example"
        insert(letters(rng, "exp") + "=" + rng.choice([text] * 4 + ["whys.example", target(rng, style)]))
    if rng.random() < 0.1:
        insert("unknown=%{d}/x")
    if rng.random() < 0.6:
        terms.append(letters(rng, rng.choice(["-all", "~all", "?all", "all"])))
    text = rng.choice(["v=spf1 ", "v=spf1 ", "V=SPF1 ", "v=spf1  "]) + rng.choice([" ", " ", "  "]).join(terms)
    return text.rstrip() + rng.choice(["", "", " "])


def strings(rng, text):
    """The character-strings of a TXT record: at most 255 octets each, and cut anywhere."""
    octets = text.encode()
    anywhere = [rng.randrange(len(octets))] if octets and rng.random() < 0.2 else []
    cuts = sorted({0, len(octets), *range(0, len(octets), 255), *anywhere})
    return [octets[a:b] for a, b in zip(cuts, cuts[1:])] or [b""]


def add_policies(rng, zone, style):
    for index, name in enumerate(POLICIES):
        if rng.random() < 0.95:
            zone.add(name, "TXT", strings(rng, policy(rng, style, index)))
        if rng.random() < 0.02:
            zone.add(name, "TXT", strings(rng, rng.choice(["v=spf1 -all", "V=spf1"])))
        if rng.random() < 0.1:
            other = rng.choice(["v=spf10 -all", " v=spf1 -all", "spf2.0/pra all", "token", ""])
            zone.add(name, "TXT", strings(rng, other))
        if rng.random() < 0.7:
            zone.add(name, "A", rng.choice(V4))
        if rng.random() < 0.4:
            zone.add(name, "AAAA", rng.choice(V6))
        hosts = rng.sample(HOSTS + ["alias.example"], rng.randint(0, 3)) + ["nowhere.example"] * (rng.random() < 0.1)
        for preference, host in enumerate(hosts + ["broken.example"] * (rng.random() < 0.03)):
            zone.add(name, "MX", f"{preference} {host}")


def add_hosts(rng, zone):
    for host in HOSTS:
        zone.add(host, "A", rng.choice(V4))
        zone.add(host, "AAAA", rng.choice(V6))
    for preference in range(11):
        zone.add("manymx.example", "MX", f"{preference} {rng.choice(HOSTS)}")
        if preference < 10:
            zone.add("tenmx.example", "MX", f"{preference} h{preference % 5}.example")
    zone.add("nullmx.example", "MX", "0 .")
    zone.add("empty.example", "TXT", [b"nothing here"])
    zone.add("example", "TXT", [b"v=spf1 +all"])
    zone.add("half.example", "A", "192.0.2.1")
    zone.add("mail.out.nowhere.example.list.example", "A", "127.0.0.2")
    for alias, name in [("alias", "h0"), ("chained", "alias"), ("talias", "d5"), ("dangling", "nowhere")]:
        zone.add(f"{alias}.example", "CNAME", f"{name}.example")
    zone.failing |= {("broken.example", None), ("half.example", "TXT"), ("half.example", "AAAA")}
    zone.late.add(("late.example", None))
    for number, text in enumerate(TEXTS):
        zone.add(f"why{number}.example", "TXT", strings(rng, text))
    for text in TEXTS[:2]:
        zone.add("whys.example", "TXT", strings(rng, text))


def add_reverse(rng, zone):
    for client in CLIENTS[:5]:
        reverse = ipaddress.ip_address(client).reverse_pointer
        names = rng.sample(HOSTS + POLICIES[:3], rng.choice([0, 1, 1, 2, 3]))
        names += ["nowhere.example"] * (rng.random() < 0.2)
        if rng.random() < 0.05:
            names = [f"n{i}.example" for i in range(rng.randint(8, 12))] + names
        for name in names + ["broken.example"] * (rng.random() < 0.1):
            zone.add(reverse, "PTR", name + ".")
            if name in HOSTS + POLICIES and rng.random() < 0.4:
                zone.add(name, "AAAA" if ":" in client else "A", client)
        if rng.random() < 0.05:
            zone.failing.add((reverse, None))
        if rng.random() < 0.5 and ":" not in client:
            zone.add(f"{client}.list.example", "A", "127.0.0.2")
            zone.add(".".join(reversed(client.split("."))) + ".in-addr.list.example", "A", "127.0.0.2")


def random_case(rng):
    zone = Zone()
    style = rng.choice(STYLES + ["plain"] * 2)
    add_policies(rng, zone, style)
    add_hosts(rng, zone)
    add_reverse(rng, zone)
    helo = rng.choice(["d3.example", "mail-out.nowhere.example", "D3.Example", "[192.0.2.1]"])
    sender = rng.choice(STRANGERS) if rng.random() < 0.07 else rng.choice(SENDERS)
    return Case(zone, rng.choice(CLIENTS), helo, sender)
