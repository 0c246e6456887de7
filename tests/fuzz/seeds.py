"""First inputs for the fuzz targets: seeds.py CONFORMANCE FOLDER writes FOLDER/<target>/<number>.

They come from the public conformance data (left out where it is absent), and from this project's own cases."""

import pathlib
import re
import shutil
import struct
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parents[2]


def octets(text):
    return text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogateescape")


def crlf(text):
    return re.sub(rb"\r?\n", b"\r\n", octets(text))


def documents(path):
    return list(yaml.safe_load_all(path.read_text())) if path.exists() else []


def master_line(name, kind, value):
    name = name.replace(" ", "\\032")
    if kind == "TXT":
        data = octets("".join(value) if isinstance(value, list) else value)
        escaped = ["\\%03d" % octet if octet in b'"\\' or octet < 32 or octet > 126 else chr(octet) for octet in data]
        pieces = ["".join(escaped[at:at + 200]) for at in range(0, max(len(escaped), 1), 200)]
        return "%s TXT %s" % (name, " ".join('"%s"' % piece for piece in pieces))
    fields = value if isinstance(value, list) else [value]
    return "%s %s %s" % (name, kind, " ".join(str(field) or "." for field in fields))


class Seeds:
    def __init__(self, folder):
        self.folder, self.seen = folder, {}

    def add(self, target, seed):
        known = self.seen.setdefault(target, {})
        known.setdefault(octets(seed), len(known))

    def write(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        for target, known in self.seen.items():
            (self.folder / target).mkdir(parents=True)
            for seed, number in known.items():
                (self.folder / target / ("%04d" % number)).write_bytes(seed)

    def mail(self, mail, zone="", client=("", "", "")):
        mail = crlf(mail)
        for target in ("message_parse", "message_mime", "dkim_verify", "arc_validate", "received_elsewhere"):
            self.add(target, mail)
        self.add("smtp_data", b"\x20" + mail)
        self.add("evaluate_all", b"".join(octets(line) + b"\n" for line in client) + octets(zone) + b"\n%%\n" + mail)
        header = re.sub(rb"\r\n(?=[ \t])", b"", mail.split(b"\r\n\r\n")[0])
        for line in header.split(b"\r\n"):
            name, _, value = line.partition(b":")
            self.header_field(name.strip().lower().decode("latin-1"), value)

    def header_field(self, name, value):
        if name in ("from", "to", "cc", "sender", "reply-to"):
            self.add("message_mailboxes", value)
        if name in ("date", "received"):
            self.add("message_date_time", value.rpartition(b";")[2])
        if name in ("from", "to", "subject", "content-type", "content-disposition"):
            self.add("message_encoded_words", value)
        if name in ("dkim-signature", "arc-seal", "arc-message-signature"):
            self.add("dkim_signature", value)
            self.add("dkim_tag_list", value)

    def zone(self, text):
        self.add("dns_zone", text)
        for record in re.findall(r"v=spf1[^\"\n]*", text):
            self.add("spf_record", record[len("v=spf1 "):])
        for record in re.findall(r"v=DMARC1[^\"\n]*", text):
            self.add("dmarc_record", record)
        for name in re.findall(r"^\S+", text, re.MULTILINE):
            self.add("dns_name", name)

    def key_record(self, text):
        self.add("dkim_key_record", text)


def spf_zone(data):
    """(name, type, value) of a scenario's zone; what no zone file can say is a failure."""
    for name, records in (data or {}).items():
        own_txt = any(isinstance(record, dict) and "TXT" in record for record in records)
        for record in records:
            if not isinstance(record, dict):
                yield name, "FAIL", ""
                continue
            for kind, value in record.items():
                if kind == "SPF" and not own_txt:
                    kind = "TXT"
                if kind in ("A", "AAAA", "MX", "PTR", "TXT", "CNAME"):
                    yield name, kind, value


def add_spf_suite(seeds, path):
    for scenario in documents(path):
        records = list(spf_zone(scenario.get("zonedata")))
        zone = "".join(master_line(*record) + "\n" for record in records if record[1] != "FAIL")
        seeds.zone(zone)
        lines = "".join("%s %s %s\n" % (name, kind, value[-1] if kind == "MX" else
                                        "".join(value) if isinstance(value, list) else value)
                        for name, kind, value in records)
        for test in scenario["tests"].values():
            client = "%s\n%s\n%s\n" % (test["host"], test.get("helo") or "", test.get("mailfrom") or "")
            seeds.add("spf_check", client + lines)
            seeds.add("evaluate_all", client + zone + "\n%%\nFrom: a@example.com\r\n\r\nHello\r\n")


def add_arc_suite(seeds, path):
    for scenario in documents(path):
        keys = scenario.get("txt-records") or {}
        zone = "".join(master_line(name, "TXT", text) + "\n" for name, text in keys.items())
        for text in keys.values():
            seeds.key_record(text)
        for test in scenario["tests"].values():
            seeds.mail(test.get("message") or "", zone)


def add_dkim_mails(seeds, folder):
    for path in sorted(folder.rglob("*.msg")):
        zone = path.with_suffix(".dns")
        records = re.findall(r"(\S+):\s*(v=[^\n]*)", re.sub(r"\\\n\s*", "", zone.read_text())) if zone.exists() else []
        for _, text in records:
            seeds.key_record(text)
        seeds.mail(path.read_bytes(), "".join(master_line(name, "TXT", text) + "\n" for name, text in records))


def add_dialogues(seeds):
    for path in sorted((HERE / "tests/unit/smtp/dialogues").glob("*.txt")):
        sent = [line[2:] for line in path.read_text().splitlines() if line.startswith("C ")]
        seeds.add("smtp_session", b"\0\xff" + octets("".join(line + "\r\n" for line in sent)))
        for line in sent:
            seeds.add("smtp_command", line)
    seeds.add("smtp_proxy_protocol", b"PROXY TCP4 192.0.2.1 192.0.2.2 1234 25\r\n")
    seeds.add("smtp_proxy_protocol", b"PROXY UNKNOWN\r\n")
    signature = b"\r\n\r\n\0\r\nQUIT\n"
    seeds.add("smtp_proxy_protocol", signature + b"\x21\x11\0\x0c" + bytes(8) + b"\x04\xd2\0\x19")
    seeds.add("smtp_proxy_protocol", signature + b"\x21\x21\0\x24" + bytes(36))


def add_dns_answers(seeds):
    """An answer of each type behind a CNAME, its names compressed."""
    target = b"\x01b\xc0\x0e"  # "b" below the question's "example"
    data = {1: bytes(4), 28: bytes(16), 15: b"\0\x0a" + target, 16: b"\x06v=spf1\x02-a", 12: target,
            6: target + target + bytes(20)}
    types = [1, 28, 15, 16, 12, 5, 6]  # as in dns_wire.cpp
    for index, kind in enumerate(types):
        question = b"\x01a\x07example\0" + struct.pack("!HH", kind, 1)
        alias = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, len(target)) + target
        record = target + struct.pack("!HHIH", kind, 1, 60, len(data[kind])) + data[kind] if kind in data else b""
        header = struct.pack("!HHHHHH", 7, 0x8180, 1, 2 if record else 1, 0, 0)
        seeds.add("dns_wire", bytes([index]) + header + question + alias + record)
        soa = b"\xc0\x0e" + struct.pack("!HHIH", 6, 1, 60, len(data[6])) + data[6]
        seeds.add("dns_wire", bytes([index]) + struct.pack("!HHHHHH", 7, 0x8183, 1, 0, 1, 0) + question + soa)


def add_dmarc_cases(seeds):
    for path in sorted((HERE / "tests/unit/dmarc/cases").glob("*.yaml")):
        for cases in documents(path):
            for case in cases:
                zone = case.get("zone") or ""
                seeds.zone(zone)
                domains = re.findall(r"[\w-]+(?:\.[\w-]+)+", "%s %s" % (case.get("spf"), case.get("dkim")))
                lines = "\n".join([str(case.get("from")), *(domains + ["", "", ""])[:3]])
                seeds.add("dmarc_walk", lines + "\n" + zone.replace('"', ""))


def main():
    conformance, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    seeds = Seeds(folder)
    if not conformance.is_dir():
        print("no conformance data in %s: the seeds are this project's own alone" % conformance)
    for path in sorted((conformance / "mail-corpus").rglob("*.eml")):
        seeds.mail(path.read_bytes())
    add_spf_suite(seeds, conformance / "spf/rfc7208-tests.yml")
    add_arc_suite(seeds, conformance / "arc/arc-draft-validation-tests.yml")
    add_dkim_mails(seeds, conformance / "dkim")
    for scenario in sorted((HERE / "config/scenarios").iterdir()):
        zone = re.sub(r"\{\{key:(.*?)\}\}", r"\1 TXT v=DKIM1;p=", (scenario / "zone.txt").read_text())
        client = re.findall(r'^(?:ip|helo|mail_from) = "(.*)"', (scenario / "scenario.toml").read_text(), re.MULTILINE)
        seeds.zone(zone)
        seeds.mail((scenario / "mail.txt").read_bytes(), zone, client)
    add_dmarc_cases(seeds)
    add_dialogues(seeds)
    add_dns_answers(seeds)
    for text in ("dmarc=pass", "dkim[example.com].key_bits>=2048", "dkim.any.result!=fail", "dkim.0.result=fail"):
        seeds.add("expectation", text)
    seeds.add("authentication_results", b"receiver.example\0helo.example\0a@b.example\0cause\0" + b"d.example\0" * 12)
    seeds.write()


main()
