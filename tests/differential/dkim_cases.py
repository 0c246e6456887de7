"""Random mails, their signature and its key record; then, mostly, something is changed on the way."""
import dataclasses

import common
import dkim_changes
from dkim_keys import base64_of, keys
from dkim_signer import Signing, canonical_body, signature_field

WHITE = [b" ", b"\t", b"  ", b"\r\n ", b"\r\n\t", b" \r\n  "]
VALUES = [b"plain", b"two  spaces", b"folded\r\n here", b"tabs\t\t and\r\n\t  \there ", b"", b" ", b"a:b;c=d", b"\x0bodd\x0c",
          b"caf\xc3\xa9 \xff\xfe", b"=?utf-8?q?caf=C3=A9?=", b"long " * 30]
PIECES = [b"word", b"word", b" ", b"  ", b"\t", b" \t", b".", b"=", b"line", b"caf\xc3\xa9", b"\xff\x80", b"\0", b"\x0b"]
DOMAINS = ["example.com", "example.com", "Mail.Example.COM", "sub.example.com", "a-b.example.com"]
SELECTORS = ["s1", "s1", "S_1", "a.b", "2024-01"]
NAMES = ["to", "date", "x-tag", "X-Absent", "received", "subject", "from", "Reply-To", "mime-version"]
OLDER = b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=old; h=from; bh=AAAA; b=AAAA\r\n"


@dataclasses.dataclass
class Case:
    mail: bytes
    name: str  # where the key is
    record: str | None  # None: no such name
    dns: str = "ok"  # or "timeout", "servfail"


def chance(rng, share):
    return rng.random() < share


def random_fields(rng):
    fields = [(b"From", b"a@example.com"), (b"To", b"b@example.net"), (b"Subject", rng.choice(VALUES)),
              (b"Date", b"Fri, 11 Jul 2003 21:00:37 -0700"), (b"X-Tag", b"1"), (b"x-tag", rng.choice(VALUES)),
              (b"Received", b"by a; today"), (b"Received", b"from a\r\n\tby b; today")]
    if chance(rng, 0.05):
        fields.append((b"FROM", b"second@example.org"))
    rng.shuffle(fields)
    spaces = [b" "] * 6 + [b"", b"  ", b"\t", b"\r\n "]
    return [name + b" " * chance(rng, 0.005) + b":" + rng.choice(spaces) + value + b"\r\n" for name, value in fields]


def random_body(rng):
    """Ends with CRLF, as SMTP's data does, or is empty."""
    if chance(rng, 0.1):
        return rng.choice([b"", b"\r\n", b"\r\n\r\n\r\n", b" \r\n", b"\t\r\n \r\n\r\n"])
    lines = [b"".join(rng.choices(PIECES, k=rng.randint(0, 8))) for _ in range(rng.randint(1, 12))]
    return b"\r\n".join(lines) + rng.choice([b"\r\n", b"\r\n\r\n", b" \r\n\r\n", b"\r\n \r\n"])


def white_space(rng, style):
    if style == "plain":
        return lambda: b""
    if style == "usual":
        return lambda: rng.choice([b"", b"", b" ", b"\r\n "])
    return lambda: rng.choice([b""] * 4 + WHITE)


def folded(rng, style):
    width = rng.choice([20, 60, 64, 76])
    space = b"" if style == "plain" else rng.choice(WHITE)
    return lambda text: space.join(text.encode()[at:at + width] for at in range(0, len(text), width))


def random_identity(rng, domain):
    local = rng.choice(["", "user", "us=65r", "=22a=40b=22", "caf\u00e9"])
    others = [domain.upper(), "not" + domain, "example.org"]
    return local + "@" + rng.choice([domain] * 4 + ["x." + domain] * 3 + others)


def random_times(rng):
    """t= and x=, each perhaps none."""
    at = common.AT
    good = [(None, None)] * 8 + [(at - 100, None)] * 4 + [(at - 100, at + 1000)] * 5 + [(None, at + 1000)] * 2
    odd = [(f"00{at - 5}", f"0{at}"), (at + 100, None), (at + 100000, None), (at - 9, 10**20)]
    bad = [(None, at - 100000), (None, at - 5), (at - 9, at - 9), (at + 500, at + 400)]
    return rng.choice(good + odd + bad)


def random_length(rng, body, relaxed):
    whole = len(canonical_body(body, relaxed))
    return rng.choice([None] * 12 + [whole, whole, whole // 2, 0, whole + 1, max(whole - 1, 0)])


def algorithm_of(rng, key):
    """What a= claims, and the digest that is used."""
    if key.kind == "ed25519":
        return "ed25519-sha256", "sha256"
    if chance(rng, 0.06):
        return "rsa-sha1", "sha1"
    return rng.choice(["rsa-sha256"] * 40 + ["RSA-SHA256", "ed25519-sha256", "rsa-sha512", "rsa"]), "sha256"


def random_tags(rng, key, body, domain, selector):
    """The tags that are understood, and how to sign so that they are true (mostly)."""
    relaxed_header, relaxed_body = chance(rng, 0.5), chance(rng, 0.5)
    words = ["relaxed" if relaxed else "simple" for relaxed in (relaxed_header, relaxed_body)]
    names = rng.choices(NAMES, k=rng.randint(0, 5)) + ["from"] * (not chance(rng, 0.02))
    names += ["dkim-signature"] * chance(rng, 0.02)
    rng.shuffle(names)
    algorithm, digest = algorithm_of(rng, key)
    signed, expires = random_times(rng)
    length = random_length(rng, body, relaxed_body)
    identity = random_identity(rng, domain) if chance(rng, 0.3) else None
    colon = rng.choice([":", ":", " : ", ":\r\n "])
    tags = [["v", "1"], ["a", algorithm], ["c", "/".join(words)], ["d", domain], ["s", selector], ["i", identity],
            ["l", length], ["t", signed], ["x", expires], ["q", rng.choice([None] * 3 + ["dns/txt"])],
            ["h", colon.join(names)], ["z", "From:a@example.com|Subject:a=20b" if chance(rng, 0.05) else None],
            ["y", "new" if chance(rng, 0.05) else None]]
    if words == ["simple", "simple"] and chance(rng, 0.4):
        tags[2][1] = None
    elif words[1] == "simple" and chance(rng, 0.4):
        tags[2][1] = words[0]
    tags = [[name, str(value)] for name, value in tags if value is not None] + [["bh", None], ["b", None]]
    if chance(rng, 0.3):
        rng.shuffle(tags)
    name = rng.choice([b"DKIM-Signature"] * 20 + [b"dkim-signature"] * 2 + [b"DKIM-Signature "])
    closing = rng.choice([b"", b"", b";", b"; "])
    return Signing(key, digest, relaxed_header, relaxed_body, length, names, tags, name, None, None, closing)


def random_record(rng, key):
    p = base64_of(key.bare if chance(rng, 0.15) else key.public)
    if chance(rng, 0.1):
        p = p.rstrip("=")
    if chance(rng, 0.2):
        at = rng.randrange(len(p))
        p = p[:at] + rng.choice([" ", "  ", "\t"]) + p[at:]
    more = [["h", rng.choice(["sha256", "sha1:sha256", "sha256 : sha512"])], ["n", "a note"], ["g", "*"], ["u", "new"],
            ["s", rng.choice(["*", "email", "other:email", "email : *"])],
            ["t", rng.choice(["y", "s", "y:s", "y : s", "x"])]]
    tags = [["v", "DKIM1"]] * chance(rng, 0.8) + rng.sample(more, rng.choice([0, 0, 0, 1, 2]))
    if key.kind != "rsa" or chance(rng, 0.7):
        tags.append(["k", key.kind])
    tags.append(["p", p])
    separator = rng.choice(["; ", ";", " ; "])
    joined = separator.join(name + rng.choice(["=", "=", " = "]) + value for name, value in tags)
    return joined + rng.choice(["", "", ";", "; "])


def random_case(rng, kinds):
    """`kinds` are names of keys(): which may sign."""
    made = keys(common.SEED)
    key = made[rng.choice(kinds)]
    body, fields = random_body(rng), random_fields(rng)
    domain, selector = rng.choice(DOMAINS), rng.choice(SELECTORS)
    how = random_tags(rng, key, body, domain, selector)
    style = rng.choice(["plain", "usual", "usual", "wild"])
    how.white_space, how.fold = white_space(rng, style), folded(rng, style)
    if chance(rng, 0.2):
        dkim_changes.spoil_tags(rng, how)
    fields = [OLDER] * chance(rng, 0.05) + fields
    own = signature_field(fields, body, how)
    said = {"d": "", "s": ""} | {name: value for name, value in how.tags if name in "ds"}
    name = f"{said['s']}._domainkey.{said['d']}".lower()
    case = Case(b"".join([own, *fields]) + b"\r\n" + body, name, random_record(rng, key))
    if chance(rng, 0.5):
        rng.choice(dkim_changes.AFTER)(rng, case, own)
    return case
