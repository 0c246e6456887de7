#!/usr/bin/python3
"""dkim_differential.py JUDGE [COUNT]: random mails, signed by dkimpy and then perhaps changed, judged by dkimpy
and by JUDGE (dkim_judge): they must agree on pass. Needs Debian's python3-dkim and openssl."""
import base64
import pathlib
import random
import subprocess
import sys
import tempfile

import dkim

NAME = "s1._domainkey.example.com"
CANONICALIZATIONS = [b"simple", b"relaxed"]


def make_key(folder):
    pem = folder / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", pem, "2048"], check=True, capture_output=True)
    der = subprocess.run(["openssl", "rsa", "-in", pem, "-pubout", "-outform", "DER"], check=True, capture_output=True)
    return pem.read_bytes(), "v=DKIM1; k=rsa; p=" + base64.b64encode(der.stdout).decode()


def random_text(rng, lines):
    pieces = [b"word", b" ", b"  ", b"\t", b"caf\xc3\xa9", b".", b"=", b"line", b" \t"]
    made = [b"".join(rng.choices(pieces, k=rng.randint(0, 8))) for _ in range(lines)]
    # SMTP always ends a mail with CRLF; of a last line without one dkimpy keeps the white space at its end.
    return b"\r\n".join(made) + rng.choice([b"\r\n", b"\r\n\r\n", b" \r\n\r\n"])


def random_mail(rng):
    subject = rng.choice([b"plain", b"two  spaces", b"folded\r\n here", b"folded\r\n\t  \there ", b" "])
    fields = [b"From: a@example.com", b"To:b@example.net", b"Subject: " + subject, b"X-Tag: 1", b"x-tag:  2 ",
              b"Date: Fri, 11 Jul 2003 21:00:37 -0700"]
    rng.shuffle(fields)
    return b"\r\n".join(fields) + b"\r\n\r\n" + random_text(rng, rng.randint(0, 12))


def sign(rng, mail, key):
    names = [b"from", b"subject"] + rng.choices([b"to", b"date", b"x-tag", b"x-absent"], k=rng.randint(0, 3))
    canonicalize = (rng.choice(CANONICALIZATIONS), rng.choice(CANONICALIZATIONS))
    signature = dkim.sign(mail, b"s1", b"example.com", key, canonicalize=canonicalize, include_headers=names,
                          length=rng.random() < 0.2)
    return signature + mail


def change(rng, mail):
    if rng.random() < 0.3:
        return mail
    at = rng.randrange(len(mail))
    kind = rng.choice(["drop", "space", "double", "line", "append"])
    if kind == "append":
        return mail + rng.choice([b"\r\n", b" \r\n", b"footer\r\n"])
    if mail[at:at + 1] in (b"\r", b"\n") or mail[at - 1:at] in (b"\r", b"\n"):
        return mail
    new = {"drop": b"", "space": b" " + mail[at:at + 1], "double": mail[at:at + 1] * 2,
           "line": b"\r\n " + mail[at:at + 1]}[kind]
    return mail[:at] + new + mail[at + 1:]


def judge_by_dkimpy(mail, record):
    """Pass or not; None for a header that dkimpy refuses to read at all (we leave such lines aside)."""
    try:
        dkim.rfc822_parse(mail)
    except dkim.MessageFormatError:
        return None
    return dkim.verify(mail, dnsfunc=lambda name, timeout=5: record.encode())


def main():
    judge, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    rng = random.Random(20261124)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        key, record = make_key(folder)
        mails = [change(rng, sign(rng, random_mail(rng), key)) for _ in range(count)]
        for number, mail in enumerate(mails):
            (folder / f"{number}.eml").write_bytes(mail)
        files = [str(folder / f"{number}.eml") for number in range(count)]
        ours = subprocess.run([judge, NAME, record, *files], check=True, capture_output=True, text=True)
        differences, passes = 0, 0
        for mail, verdict in zip(mails, ours.stdout.splitlines(), strict=True):
            theirs = judge_by_dkimpy(mail, record)
            if theirs is None:
                continue
            passes += theirs
            if theirs != (verdict.split()[0] == "pass"):
                differences += 1
                print(f"dkimpy says {theirs}, we say {verdict}:\n{mail!r}\n")
    print(f"dkim differential: {count} mails, {passes} pass, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
