"""A received mail judged again past our cache: with a zone file, with a resolver alone, and straight from the zones' own
servers at public addresses in a network namespace."""

import contextlib
import ctypes
import json
import os
import socket
import socketserver
import subprocess
import threading
import time

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from conftest import MAIL, Server, cannot_run, example_zone


class Dns:
    """A DNS server over UDP and TCP: records by name and type, changed at will; AA or not."""

    def __init__(self, ip, port, records, authoritative=False):
        self.records, self.authoritative, self.asked = records, authoritative, []
        outer = self

        class Udp(socketserver.BaseRequestHandler):
            def handle(self):
                self.request[1].sendto(outer.answer(self.request[0]), self.client_address)

        class Tcp(socketserver.StreamRequestHandler):
            def handle(self):
                answer = outer.answer(self.rfile.read(int.from_bytes(self.rfile.read(2), "big")))
                self.wfile.write(len(answer).to_bytes(2, "big") + answer)

        udp = socketserver.ThreadingUDPServer((ip, port), Udp)
        self.address = f"{ip}:{udp.server_address[1]}"
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        tcp = socketserver.ThreadingTCPServer((ip, udp.server_address[1]), Tcp)
        self.servers = [udp, tcp]
        for server in self.servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def answer(self, octets):
        query = dns.message.from_wire(octets)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        response = dns.message.make_response(query, recursion_available=not self.authoritative)
        if self.authoritative:
            response.flags |= dns.flags.AA
        for line in self.records.get((name, kind), []):
            ttl, _, data = line.partition(" ")
            response.answer.append(dns.rrset.from_text(question.name, int(ttl), "IN", kind, data))
        if not response.answer and not any(known == name for known, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    def close(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()


class LiveServer(Server):
    """Asks a DNS server instead of a zone file."""

    def __init__(self, folder, dns_server, flags=()):
        super().__init__(folder, flags=flags, env={"MAILASSAY_THREADS": "1"})  # one cache for all mails
        self.dns_server = dns_server

    def command(self):
        words = super().command()
        at = words.index("--zone")
        return words[:at] + ["--dns", self.dns_server] + words[at + 2 :]


@contextlib.contextmanager
def running(server):
    server.start()
    try:
        yield server
    finally:
        assert server.stop() == 0, server.output()


def judge_again(server, inbox, report):
    path = f"/api/v1/inboxes/{inbox['token']}/messages/{report['message']['id']}/judge-again"
    status, body, _ = server.request("POST", path)
    assert status == 200, body
    return json.loads(body)


def held(answer, name, kind):
    (entry,) = [entry for entry in answer["held"] if (entry["name"], entry["type"]) == (name, kind)]
    return entry


def second_report(server, inbox, first):
    status, body, _ = server.get(f"/api/v1/inboxes/{inbox['token']}/wait?timeout=30&after={first['message']['id']}")
    assert status == 200, body
    return json.loads(body)


def test_with_a_zone_file_the_zone_answers_as_it_is(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL))
    before = server.report(inbox["token"])
    events = len(server.events(inbox["token"]))
    answer = judge_again(server, inbox, before)
    assert answer["changed"] == []
    assert answer["steps"][-1]["kind"] == "verdict"
    assert {key: value for key, value in answer["report"].items() if key != "message"} == {
        key: value for key, value in before.items() if key != "message"
    }
    entry = held(answer, "_dmarc.example.com", "TXT")
    assert entry["server"] == "zone" and entry["differs"] is False
    assert entry["authoritative_ttl"] == entry["resolver_ttl"] == entry["held_for"]
    # Exactly one verdict a message: nothing of it is kept.
    assert server.report(inbox["token"]) == before
    assert len(server.events(inbox["token"])) == events


def test_a_record_published_a_minute_ago_is_seen(tmp_path):
    """Within its TTL of an hour: our cache goes on with the old one, judge-again does not, the old report stays."""
    records = {
        ("example.com", "TXT"): ['3600 "v=spf1 -all"'],
        ("_dmarc.example.com", "TXT"): ['3600 "v=DMARC1; p=reject"'],
    }
    resolver = Dns("127.0.0.9", 0, records)
    with contextlib.closing(resolver), running(LiveServer(tmp_path, resolver.address)) as server:
        inbox = server.new_inbox()
        server.send(inbox["address"], MAIL)
        before = server.report(inbox["token"])
        assert before["spf"]["result"] == "fail" and before["dmarc"]["result"] == "fail"

        records[("example.com", "TXT")] = ['3600 "v=spf1 ip4:127.0.0.5 -all"']
        server.send(inbox["address"], MAIL)
        cached = second_report(server, inbox, before)
        assert cached["spf"]["result"] == "fail", "the cache of the server is what this test passes by"

        answer = judge_again(server, inbox, before)
        assert answer["report"]["spf"]["result"] == "pass"
        assert answer["report"]["dmarc"]["result"] == "pass"
        assert {"path": "dmarc.result", "before": "fail", "after": "pass"} in answer["changed"]
        entry = held(answer, "example.com", "TXT")
        # This resolver knows no name servers, so it is asked itself, and says so.
        assert (entry["server"], entry["instead"]) == (f"resolver {resolver.address}", "no_name_server")
        assert entry["authoritative_ttl"] is None and entry["resolver_ttl"] == 3600 and entry["differs"] is False
        assert server.json(f"/api/v1/inboxes/{inbox['token']}/messages/{before['message']['id']}") == before


def test_an_overlay_stays_over_the_fresh_answers(tmp_path):
    records = {("example.com", "TXT"): ['3600 "v=spf1 -all"']}
    overlay = tmp_path / "overlay.txt"
    overlay.write_text('_dmarc.example.com TXT "v=DMARC1; p=quarantine"\n')
    resolver = Dns("127.0.0.9", 0, records)
    with contextlib.closing(resolver), running(LiveServer(tmp_path, resolver.address, ["--overlay", str(overlay)])) as server:
        inbox = server.new_inbox()
        server.send(inbox["address"], MAIL)
        before = server.report(inbox["token"])
        assert before["dmarc"]["policy"] == "quarantine" and before["dmarc"]["result"] == "fail"
        records[("example.com", "TXT")] = ['3600 "v=spf1 ip4:127.0.0.5 -all"']
        answer = judge_again(server, inbox, before)
        assert answer["report"]["dmarc"]["result"] == "pass"
        assert answer["report"]["dmarc"]["policy"] == "quarantine"
        assert held(answer, "_dmarc.example.com", "TXT")["server"] == "overlay"
        assert held(answer, "example.com", "TXT")["server"] == f"resolver {resolver.address}"


def in_namespace(body, addresses):
    """Runs the body in a thread with a network of its own, whose loopback has these addresses."""
    if os.geteuid() != 0:
        cannot_run("a network namespace needs root")
    failures = []

    def run():
        try:
            new_network = 0x40000000
            if ctypes.CDLL(None, use_errno=True).unshare(new_network) != 0:
                cannot_run("no network namespace can be made here")
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            for address in addresses:
                subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
            body()
        except BaseException as failure:  # told in the test's own thread
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def test_the_zones_own_servers_are_asked_at_public_addresses_alone(tmp_path):
    def body():
        hidden = {
            ("hidden.example", "NS"): ["60 ns.hidden.example."],
            ("ns.hidden.example", "A"): ["60 127.0.0.66"],
            ("hidden.example", "TXT"): ['60 "v=spf1 ip4:127.0.0.5 -all"'],
        }
        old = {
            ("example.com", "NS"): ["60 ns1.example.com.", "60 ns2.example.com."],
            ("ns1.example.com", "A"): ["60 9.9.9.51"],  # nobody there
            ("ns2.example.com", "A"): ["60 9.9.9.53"],
            ("example.com", "TXT"): ['1234 "v=spf1 -all"'],
            ("_dmarc.example.com", "TXT"): ['77 "v=DMARC1; p=reject"'],
            **hidden,
        }
        new = {
            ("example.com", "TXT"): ['3600 "v=spf1 include:hidden.example -all"'],
            ("_dmarc.example.com", "TXT"): ['300 "v=DMARC1; p=reject"'],
        }
        resolver = Dns("127.0.0.1", 53, old)
        zone = Dns("9.9.9.53", 53, new, authoritative=True)
        inside = Dns("127.0.0.66", 53, {("hidden.example", "TXT"): ['60 "v=spf1 -all"']}, authoritative=True)
        with contextlib.closing(resolver), contextlib.closing(zone), contextlib.closing(inside):
            with running(LiveServer(tmp_path, "127.0.0.1:53")) as server:
                inbox = server.new_inbox()
                server.send(inbox["address"], MAIL)
                before = server.report(inbox["token"])
                assert before["spf"]["result"] == "fail"
                assert zone.asked == []
                begin = time.monotonic()
                answer = judge_again(server, inbox, before)
                assert time.monotonic() - begin < 8

        assert answer["report"]["spf"]["result"] == "pass"
        entry = held(answer, "example.com", "TXT")
        assert (entry["server"], entry["instead"]) == ("ns2.example.com 9.9.9.53:53", None)
        assert (entry["authoritative_ttl"], entry["resolver_ttl"], entry["held_for"]) == (3600, 1234, 3600)
        assert entry["differs"] is True
        assert entry["resolver"] == {"status": "records", "records": ['"v=spf1 -all"']}
        assert entry["authoritative"]["records"] == ['"v=spf1 include:hidden.example -all"']
        entry = held(answer, "_dmarc.example.com", "TXT")
        assert (entry["authoritative_ttl"], entry["resolver_ttl"], entry["differs"]) == (300, 77, False)
        # A published record must not make us talk to what is behind our firewall.
        entry = held(answer, "hidden.example", "TXT")
        assert (entry["server"], entry["instead"]) == ("resolver 127.0.0.1:53", "special_address")
        assert inside.asked == []

    in_namespace(body, ["9.9.9.51", "9.9.9.53"])
