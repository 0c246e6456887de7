"""Signs mails by RFC 6376, written apart from every verifier; tags in any order, with any folding and white space."""
import dataclasses
import hashlib
import re

from dkim_keys import base64_of


def relaxed_field(field):
    name, value = field.split(b":", 1)
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.lower().rstrip(b" \t") + b":" + value + b"\r\n"


def canonical_field(field, relaxed):
    return relaxed_field(field) if relaxed else field


def canonical_body(body, relaxed):
    if relaxed:
        body = re.sub(rb"[ \t]+(?=\r\n)", b"", body)
        body = re.sub(rb"[ \t]+", b" ", body)
    while body.endswith(b"\r\n"):
        body = body[:-2]
    return body + b"\r\n" if body or not relaxed else b""


def name_of(field):
    return field.split(b":", 1)[0].rstrip(b" \t").lower().decode("latin-1")


def chosen(fields, names):
    """Bottom-up, each instance once (section 5.4.2)."""
    left = list(fields)
    for name in names:
        for at in range(len(left) - 1, -1, -1):
            if name_of(left[at]) == name.strip().lower():
                yield left.pop(at)
                break


@dataclasses.dataclass
class Signing:
    """What is done, whatever the tags claim: key, digest, canonicalizations, how many octets of the body are hashed,
    which fields. `tags` are names and values in order; None stands for the value to compute (bh, b)."""
    key: object
    digest: str
    relaxed_header: bool
    relaxed_body: bool
    length: object
    names: list
    tags: list
    field_name: bytes
    white_space: object  # () → what stands at a place where folding white space may
    fold: object  # (base64) → the same with white space in it
    closing: bytes


def signature_field(fields, body, how):
    """The field with its closing CRLF."""
    hashed = canonical_body(body, how.relaxed_body)[:how.length]
    body_hash = base64_of(hashlib.new(how.digest, hashed).digest())
    before, around, after = b"", (b"", b""), b""
    for number, (name, value) in enumerate(how.tags):
        text = b";" * (number > 0) + how.white_space() + name.encode() + how.white_space() + b"="
        if name == "b" and value is None:
            # All white space around the value goes when it is hashed (section 3.5).
            before, after = before + after + text, b""
            around = how.white_space(), how.white_space()
            continue
        shown = how.fold(body_hash) if value is None else value.encode()
        after += text + how.white_space() + shown + how.white_space()
    before = how.field_name + b":" + before
    own = canonical_field(before + after + how.closing + b"\r\n", how.relaxed_header)[:-2]
    data = b"".join(canonical_field(field, how.relaxed_header) for field in chosen(fields, how.names)) + own
    signature = how.fold(base64_of(how.key.sign(data, how.digest))) if ["b", None] in how.tags else b""
    return before + around[0] + signature + around[1] + after + how.closing + b"\r\n"
