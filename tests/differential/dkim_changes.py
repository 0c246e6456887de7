"""What happens to a mail between its signer and its verifier: to the header, the body, the signature, the key record. A
change takes (rng, case, own field) and alters the case; spoil_tags alters the tags before they are signed."""
import re

import common
from dkim_keys import base64_of, keys


# ---- octets ---------------------------------------------------------------------------------------------------------

def replaced(text, at, rng):
    old = text[at:at + 1]
    eight_bit = bytes([rng.randrange(128, 256)])
    new = rng.choice([b"", b" " + old, old * 2, b"\r\n " + old, old.swapcase(), b"\t", eight_bit])
    return text[:at] + new + text[at + 1:]


def octet(rng, case, begin, end):
    """Changes one octet of a stretch, never of a CRLF."""
    if end <= begin:
        return
    at = rng.randrange(begin, end)
    if not set(case.mail[max(at - 1, 0):at + 1]) & set(b"\r\n"):
        case.mail = replaced(case.mail, at, rng)


def header_octet(rng, case, own):
    octet(rng, case, len(own), case.mail.index(b"\r\n\r\n", len(own) - 2))


def body_octet(rng, case, own):
    octet(rng, case, case.mail.index(b"\r\n\r\n", len(own) - 2) + 4, len(case.mail))


def signature_octet(rng, case, own):
    octet(rng, case, 0, len(own) - 2)


# ---- the header and the body ----------------------------------------------------------------------------------------

def add_field(rng, case, own):
    field = rng.choice([b"From: evil@example.org", b"From : evil@example.org", b"Subject: new", b"X-New: 1", b"x-tag: 3",
                        b"Received: by c; today", b"Reply-To: x"]) + b"\r\n"
    end = case.mail.index(b"\r\n\r\n", len(own) - 2) + 2
    at = rng.choice([0, len(own), end])
    case.mail = case.mail[:at] + field + case.mail[at:]


def fields_of(header):
    return re.findall(rb"[^\r\n][^\r]*\r\n(?:[ \t][^\r]*\r\n)*", header)


def order(rng, case, own):
    """Takes fields apart, moves or drops one, puts them together."""
    end = case.mail.index(b"\r\n\r\n", len(own) - 2) + 2
    fields = fields_of(case.mail[:end])
    moved = fields.pop(rng.randrange(len(fields)))
    if rng.random() < 0.6:
        fields.insert(rng.randint(0, len(fields)), moved)
    case.mail = b"".join(fields) + case.mail[end:]


def append(rng, case, own):
    case.mail += rng.choice([b"\r\n", b" \r\n", b"footer\r\n", b"\t \r\n\r\n", b"\r\n\r\nfooter\r\n"])


def cut(rng, case, own):
    """Drops the last line of the body."""
    begin = case.mail.index(b"\r\n\r\n", len(own) - 2) + 4
    lines = case.mail[begin:].splitlines(keepends=True)
    case.mail = case.mail[:begin] + b"".join(lines[:-1])


# ---- the signature's tags -------------------------------------------------------------------------------------------

TAGS = {
    "v": ["2", "0.5", "01", ""],
    "a": ["rsa-sha1", "rsa-sha512", "sha256", "RSA-SHA256", "", "ed25519-sha256"],
    "c": ["Relaxed/Simple", "nowsp", "relaxed/", "seal/seal", "relaxed/other", "", "simple/relaxed", "relaxed / simple"],
    "d": ["example.org", "com", "", "example..com", "-.example.com"],
    "s": ["other", "", "s1.", "a b"],
    "i": ["user", "@", "@example.com@", "user@notexample.com", "us=4r@example.com", "@example.com."],
    "l": ["", "x", "-1", "1e3", "999999", "007", "9" * 80, " 5 "],
    "t": ["", "x", "-1", "99999999999"],
    "x": ["", "soon", "1", "99999999999", "-1"],
    "q": ["dns/txt:dns/x", "dns", "x:dns/txt", "other", "", "DNS/TXT", "dns/txt : x"],
    "h": ["", "to:date", "from:from:from", "from::to", "From:To:Subject", "from : to", ":from",
          "from:dkim-signature:dkim-signature"],
    "z": ["b=1 b=2", "|", "From"],
    "bh": ["AAAA", "", "!", "===="],
    "b": ["AAAA", "", "!!", "A", "===="],
    # no tag has such a name or value, and one that has
    "1y": ["1"], "y-z": ["1"], "y.": ["x\x01y"], "yy": ["\u00e9", "x\x7fy"], "y_1": ["1"]}


def spoil_tags(rng, how):
    """One tag says something odd, is missing, stands twice or is empty. The mail is signed as they then say."""
    name = rng.choice(list(TAGS))
    found = [tag for tag in how.tags if tag[0] == name]
    kind = rng.choice(["value", "value", "value", "drop", "twice", "empty"])
    if kind == "drop" and found:
        how.tags.remove(found[0])
    elif kind == "twice":
        how.tags.insert(rng.randint(0, len(how.tags)), [name, rng.choice(TAGS[name])])
    elif kind == "empty":
        how.closing = rng.choice([b";;", b"; ;", b";x", b"; x ;", b";=", b"; =1"])
    elif found:
        found[0][1] = rng.choice(TAGS[name])
    else:
        how.tags.append([name, rng.choice(TAGS[name])])
    follow(how, {name: value for name, value in how.tags if value is not None})


def follow(how, said):
    """Signs by what the tags now say."""
    how.names = said.get("h", "").split(":")
    header, _, body = said.get("c", "").lower().partition("/")
    how.relaxed_header, how.relaxed_body = header.strip() == "relaxed", body.strip() == "relaxed"
    length = said.get("l", "").strip()
    how.length = int(length) if length.isdigit() and length.isascii() else None


def base64_text(rng, case, own):
    """Changes how b= or bh= is written, mostly without changing what it says."""
    name = rng.choice([b"b", b"bh"])
    found = re.search(rb"[;:]\s*" + name + rb"\s*=\s*([A-Za-z0-9+/=\s]+)", own)
    if not found:
        return
    text = found[1]
    bare = re.sub(rb"\s", b"", text)
    at = rng.randrange(len(text))
    inside = [text[:at] + new + text[at:] for new in (b" ", b"!", b"=", b"-")]
    new = rng.choice(inside + [b"\r\n\t" + text, bare.rstrip(b"="), bare + b"=", b"AAAA" + bare, bare + b"AAAA", bare[:-4]])
    begin, end = found.span(1)
    case.mail = own[:begin] + new + own[end:] + case.mail[len(own):]


# ---- the key record -------------------------------------------------------------------------------------------------

def other_key(rng, case, own):
    case.record = "v=DKIM1; " + rng.choice(["k=rsa; p=" + base64_of(keys(common.SEED)["other"].public),
                                            "k=ed25519; p=" + base64_of(keys(common.SEED)["other25519"].public)])


RECORD_TAGS = """h=sha1 h=sha512 h= h=SHA256 s=other s= s=tlsrpt s=*:other s=email:other t=s t=y t=S t= v=DKIM1 v=DKIM2 v=
  k=rsa k=ed25519 k=dsa k=RSA k= p= g= g=user g=* x-y=1 n=a=b novalue = n=""".split() + ["", "t= s", "n=\u00e9"]


def record_tag(rng, case, own):
    """A restriction, an odd tag, or something the grammar forbids."""
    tag = rng.choice(RECORD_TAGS)
    record = case.record.rstrip("; ")
    case.record = rng.choice([f"{tag}; {record}", f"{record}; {tag}", record.replace(";", f"; {tag};", 1)])


def record_text(rng, case, own):
    record = case.record
    at = rng.randrange(len(record))
    case.record = rng.choice([
        record[:at] + record[at + 1:], record[:at] + rng.choice(" ;=A!\t") + record[at:], record.rstrip("= ;"),
        re.sub(r"p\s*=.*", "p=", record), record.replace("DKIM1", "dkim1"), record.replace("p", "P"), "", ";",
        "v=spf1 -all"])


def no_record(rng, case, own):
    case.record, case.dns = rng.choice([(None, "ok"), (case.record, "timeout"), (case.record, "servfail")])


AFTER = [header_octet, body_octet, signature_octet, add_field, order, append, cut, base64_text, other_key, record_tag,
         record_tag, record_text, no_record]
