#!/usr/bin/python3
"""make_signed.py CASE --domain NAME --selector NAME [...]: signs CASE/mail.eml in place with a new key, puts its
record into CASE/zone.txt and forgets the key. What happens to the mail on its way is then done to it by hand.
Signs with Debian's python3-dkim, so that the cases don't rest on our own signer."""
import argparse
import base64
import pathlib
import subprocess
import unittest.mock

import dkim
import nacl.encoding
import nacl.signing

SIGNED_AT = 1795485600  # 2026-11-24T02:00:00Z
HEADERS = ["from", "to", "subject", "date", "message-id"]


class Signer(dkim.DKIM):
    """Puts tags into the signature that dkimpy knows nothing of, or would not write."""
    tags = {}

    def gen_header(self, fields, *others, **named):
        fields = [(name, self.tags.pop(name, value)) for name, value in fields]
        own = fields.index((b"b", b"0" * 60))
        return super().gen_header(fields[:own] + list(self.tags.items()) + fields[own:], *others, **named)


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *arguments], input=given, check=True, capture_output=True).stdout


def new_key(algorithm, bits):
    """The private key as dkimpy takes it, and the key record."""
    if algorithm == "ed25519-sha256":
        key = nacl.signing.SigningKey.generate()
        public = key.verify_key.encode(nacl.encoding.Base64Encoder).decode()
        return key.encode(nacl.encoding.Base64Encoder), "v=DKIM1; k=ed25519; p=" + public
    pem = openssl("genrsa", "-traditional", str(bits))
    der = openssl("rsa", "-pubout", "-outform", "DER", given=pem)
    return pem, "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()


def zone_line(owner, record):
    strings = [record[at:at + 200] for at in range(0, len(record), 200)]
    return f"{owner} TXT " + " ".join(f'"{string}"' for string in strings) + "\n"


def sign(folder, domain, selector, algorithm="rsa-sha256", bits=2048, canonicalization="relaxed/relaxed",
         headers=HEADERS, at=SIGNED_AT, tags=None, owner=None):
    """tags replace or add some, as octets: {b"l": b"9999"}; owner is the record's name, where it needs escapes."""
    mail = folder / "mail.eml"
    key, record = new_key(algorithm, bits)
    signer = Signer(mail.read_bytes(), signature_algorithm=algorithm.encode())
    signer.tags = dict(tags or {})
    with unittest.mock.patch("time.time", lambda: at):
        field = signer.sign(selector.encode(), domain.encode(), key, include_headers=headers,
                            canonicalize=tuple(name.encode() for name in canonicalization.split("/")))
    mail.write_bytes(field + mail.read_bytes())
    with open(folder / "zone.txt", "a", encoding="ascii") as zone:
        zone.write(zone_line(owner or f"{selector}._domainkey.{domain}", record))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--selector", required=True)
    parser.add_argument("--algorithm", default="rsa-sha256", choices=["rsa-sha256", "rsa-sha1", "ed25519-sha256"])
    parser.add_argument("--bits", type=int, default=2048)
    parser.add_argument("--canonicalization", default="relaxed/relaxed")
    parser.add_argument("--headers", default=":".join(HEADERS), help="the h= tag")
    parser.add_argument("--at", type=int, default=SIGNED_AT, help="the t= tag")
    parser.add_argument("--tag", action="append", default=[], metavar="NAME=VALUE", help="one more, or in place of")
    given = vars(parser.parse_args())
    given["headers"] = given["headers"].split(":")
    given["tags"] = dict(tag.encode().split(b"=", 1) for tag in given.pop("tag"))
    sign(**given)


if __name__ == "__main__":
    main()
