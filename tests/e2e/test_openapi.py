"""Real answers against web/openapi.json: every status, media type, header and body is one that the document tells of."""

import contextlib
import copy
import json
import re
import smtplib
import ssl
import time

import jsonschema
import pytest
from conftest import MAIL, PATIENCE, ROOT, Server, example_zone
from test_judge_again import Dns, LiveServer, in_namespace, running

DOCUMENT = json.loads((ROOT / "web/openapi.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
JSON = {"Content-Type": "application/json"}
# Refusals that any path may give are told of once, for all of them.
ANYWHERE = {405, 414}


def validator(schema):
    """Its references lead into the document."""
    return jsonschema.Draft202012Validator({"components": DOCUMENT["components"], **schema})


def named(name):
    return validator({"$ref": f"#/components/schemas/{name}"})


def check(value, schema):
    """Valid, or the test fails with the places that are not."""
    errors = sorted(validator(schema).iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
    assert not errors, "\n".join(f"{error.json_path}: {error.message[:300]}" for error in errors[:5])


def resolved(part):
    while "$ref" in part:
        _, *names = part["$ref"].split("/")
        part = DOCUMENT
        for name in names:
            part = part[name]
    return part


def operation(method, path):
    """The document's operation for a path without its query."""
    for template, item in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in item:
            return item[method.lower()]
    raise AssertionError(f"{method} {path} is not in the document")


def check_answer(responses, status, body, headers):
    if str(status) not in responses:
        assert status in ANYWHERE, f"{status} is not in the document"
    response = resolved(responses.get(str(status), responses["default"]))
    for name, header in response.get("headers", {}).items():
        header = resolved(header)
        assert not header.get("required") or name in headers, name
        if name in headers and header["schema"].get("type") != "integer":
            check(headers[name], header["schema"])
    if "content" not in response:
        assert body == b""
        return None
    media_type = headers["Content-Type"].partition(";")[0]
    assert media_type in response["content"], media_type
    if not media_type.endswith("json"):
        return body
    answer = json.loads(body)
    check(answer, response["content"][media_type]["schema"])
    if media_type == "application/problem+json":
        assert answer["status"] == status
    return answer


def ask(server, method, path, wanted, body=None, headers=None):
    """The answer, which the document tells of. What is accepted must be a body that the document allows."""
    told = operation(method, path.partition("?")[0])
    if isinstance(body, dict):
        if wanted < 300:
            check(body, told["requestBody"]["content"]["application/json"]["schema"])
        body, headers = json.dumps(body), {**JSON, **(headers or {})}
    status, octets, fields = server.request(method, path, body, headers)
    assert status == wanted, (status, octets[:500])
    return check_answer(told["responses"], status, octets, fields)


def refused(server, method, path, status, body=None, headers=None):
    """A refusal is a problem document, whether or not the path has such a method."""
    answered, octets, fields = server.request(method, path, body, headers)
    assert answered == status, (answered, octets[:500])
    assert fields["Content-Type"] == "application/problem+json"
    check(json.loads(octets), {"$ref": "#/components/schemas/Problem"})
    return fields


def mutants(value, path=()):
    """The value with a member more or less: (where, what, the whole). Facts of events and changes are anything."""
    if isinstance(value, list):
        places = list(enumerate(value))
    elif isinstance(value, dict):
        yield path, "more", {**value, "unheard-of": 1}
        for name in value:
            yield (*path, name), "less", {key: member for key, member in value.items() if key != name}
        places = [(name, member) for name, member in value.items() if name not in ("data", "before", "after")]
    else:
        return
    for name, member in places:
        for where, what, mutant in mutants(member, (*path, name)):
            whole = copy.copy(value)
            whole[name] = mutant
            yield where, what, whole


# Members that an object may lack; a finding has the facts of its code.
OPTIONAL = {"peer", "guessed", "steps", "authoritative", "resolver"}


def may_lack(where):
    return where[-1] in OPTIONAL or ("findings" in where and where[-1] not in ("code", "level", "address", "scope"))


def assert_strict(name, value):
    """No member can be missing or added without the schema's saying so."""
    schema = named(name)
    assert schema.is_valid(value)
    for where, what, mutant in mutants(value):
        if what == "more" or not may_lack(where):
            assert not schema.is_valid(mutant), (name, where, what)


@pytest.fixture(scope="module")
def server(tmp_path_factory, signer):
    zone = example_zone(signer.record).replace("ip4:127.0.0.5", "ip4:127.0.0.5 ip6:2001:db8::/32")
    zone += f"s2._domainkey.other.example TXT {signer.record}\n"
    server = Server(tmp_path_factory.mktemp("openapi"), zone)
    yield server.start()
    assert server.stop() == 0, server.output()


def inbox_of(server, **members):
    return ask(server, "POST", "/api/v1/inboxes", 201, members)


@pytest.fixture(scope="module")
def judged(server, signer):
    """An ordinary mail: its inbox's path, its own path, its report."""
    inbox = inbox_of(server)
    server.send(inbox["address"], signer.sign(MAIL))
    path = f"/api/v1/inboxes/{inbox['token']}"
    report = ask(server, "GET", path + "/wait?timeout=30", 200)
    assert report["dmarc"]["result"] == "pass"
    return path, f"{path}/messages/{report['message']['id']}", report


@contextlib.contextmanager
def receiving(server, address):
    """A mail of which only a part has come."""
    with contextlib.closing(smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="mail.example.com", timeout=PATIENCE)) as client:
        client.ehlo()
        assert client.mail("a@example.com")[0] == 250 and client.rcpt(address)[0] == 250
        assert client.docmd("DATA")[0] == 354
        client.send(b"Subject: half\r\n")
        yield client


def test_the_schemas_are_schemas():
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_it_is_served_as_it_is(server):
    assert ask(server, "GET", "/openapi.json", 200) == DOCUMENT
    _, _, headers = server.get("/openapi.json")
    assert headers["Content-Type"] == "application/json"
    assert ask(server, "GET", "/openapi.json", 304, headers={"If-None-Match": headers["ETag"]}) is None


def test_inboxes(server, judged, signer):
    path, _, _ = judged
    listed = ask(server, "GET", path, 200)
    assert [message["state"] for message in listed["messages"]] == ["judged"] and listed["assume_ip"] is None
    assert_strict("Inbox", listed)
    created = inbox_of(server, assume_ip="2001:db8::5")
    assert_strict("CreatedInbox", created)
    assert ask(server, "GET", f"/api/v1/inboxes/{created['token']}", 200)["assume_ip"] == "2001:db8::5"
    assert inbox_of(server, assume_ip=None)["token"] and ask(server, "POST", "/api/v1/inboxes", 201)["token"]
    assert ask(server, "DELETE", f"/api/v1/inboxes/{created['token']}", 204) is None
    ask(server, "GET", f"/api/v1/inboxes/{created['token']}", 404)
    assert_strict("Reachability", ask(server, "GET", path + "/reachability", 200))


def test_reachability_tells_of_refusals(server, judged):
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=PATIENCE) as client:
        client.ehlo()
        client.mail("a@example.com")
        assert client.rcpt("nobody@mailassay.test")[0] == 550
    told = ask(server, "GET", judged[0] + "/reachability", 200)
    assert told["refused"] and "refused_lately" in {finding["code"] for finding in told["findings"]}
    assert_strict("Reachability", told)


def test_an_ordinary_report(server, judged):
    path, message, report = judged
    assert ask(server, "GET", message, 200) == report
    assert_strict("Report", report)
    assert ask(server, "GET", path + "/wait?expect=dmarc%3Dpass&expect=dkim%5Bexample.com%5D.key_bits%3E%3D2048", 200) == report
    unmet = ask(server, "GET", path + "/wait?expect=dmarc%3Dfail&expect=spf%3Dpass", 422)
    assert len(unmet["unmet"]) == 1
    assert_strict("UnmetReport", unmet)
    assert not named("Report").is_valid(unmet) and not named("UnmetReport").is_valid(report)
    assert ask(server, "GET", f"{path}/wait?timeout=0&after={report['message']['id']}", 204) is None


def unusual_mails(signer):
    """What comes through SMTP: (mail, sender, what its report has)."""
    twice = signer.sign(signer.sign(MAIL), domain=b"other.example", selector=b"s2")
    broken = signer.sign(MAIL, selector=b"gone") + b"and more\r\n"
    fields = b"DKIM-Signature: nonsense\r\nARC-Seal: i=1; nonsense\r\n"
    return {
        "null reverse-path": (signer.sign(MAIL), "", lambda report: report["connection"]["mail_from"] == "" and report["spf"]["domain"] == "mail.example.com"),
        "unsigned": (MAIL, "bounce@example.com", lambda report: report["dkim"] == []),
        "several signatures": (twice, "bounce@example.com", lambda report: [one["result"] for one in report["dkim"]] == ["pass", "pass"]),
        "no key": (broken, "bounce@example.com", lambda report: report["dkim"][0]["key_bits"] is None),
        "unreadable fields": (fields + MAIL, "bounce@example.com", lambda report: report["dkim"][0]["body_hash"] is None and report["arc"]["result"] == "fail"),
        "no From": (MAIL.split(b"\r\n", 1)[1], "bounce@nowhere.example", lambda report: report["dmarc"]["result"] == "permerror" and report["message"]["from"] == []),
        "two From": (b"From: a@example.com, b@other.example\r\n" + MAIL.split(b"\r\n", 1)[1], "a@other.example", lambda report: len(report["message"]["from"]) == 2),
        "nothing but octets": (bytes(range(128, 256)) + b"\r\n", "a@b", lambda report: report["message"]["subject"] == ""),
        "no policy": (MAIL.replace(b"example.com", b"nowhere.example"), "a@nowhere.example", lambda report: report["dmarc"]["record"] is None),
    }  # fmt: skip


def test_unusual_mails(server, signer):
    for name, (mail, sender, holds) in unusual_mails(signer).items():
        inbox = inbox_of(server)
        path = f"/api/v1/inboxes/{inbox['token']}"
        server.send(inbox["address"], mail, mail_from=sender)
        report = ask(server, "GET", path + "/wait?timeout=30", 200)
        assert holds(report), (name, report)
        assert_strict("Report", report)
        assert ask(server, "GET", path, 200)["messages"][0]["state"] == "judged"
        ask(server, "GET", f"{path}/messages/{report['message']['id']}/text", 200)


def test_assumed_addresses_and_tls(server, signer):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for assumed in ("2001:db8::25", "192.0.2.1", "::ffff:192.0.2.1"):
        inbox = inbox_of(server, assume_ip=assumed)
        with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="[IPv6:2001:db8::25]", timeout=PATIENCE) as client:
            client.starttls(context=context)
            client.sendmail("bounce@example.com", [inbox["address"]], signer.sign(MAIL))
        report = ask(server, "GET", f"/api/v1/inboxes/{inbox['token']}/wait?timeout=30", 200)
        assert report["connection"]["peer"] == "127.0.0.1" and report["connection"]["tls"]["version"] == "TLSv1.3"
        assert report["spf"]["result"] == ("pass" if ":" in report["connection"]["ip"] else "fail")
        assert_strict("Report", report)


def test_a_mail_that_is_still_coming_and_one_that_never_came(server):
    inbox = inbox_of(server)
    path = f"/api/v1/inboxes/{inbox['token']}"
    with receiving(server, inbox["address"]):
        server.events(inbox["token"], until=lambda _, event: event["kind"] == "message.started")
        [summary] = ask(server, "GET", path, 200)["messages"]
        message = f"{path}/messages/{summary['id']}"
        assert summary["state"] == "receiving" and summary["dmarc"] is None
        report = ask(server, "GET", message, 200)
        assert report["dmarc"] is None and report["dkim"] is None
        assert_strict("Report", report)
        for endpoint in ("raw", "text", "dkim/0/canonical"):
            ask(server, "GET", f"{message}/{endpoint}", 404)
        for endpoint in ("what-if", "judge-again", "share"):
            ask(server, "POST", f"{message}/{endpoint}", 409)
    server.events(inbox["token"], until=lambda _, event: event["kind"] == "message.aborted")
    ask(server, "GET", message, 200)
    assert ask(server, "GET", path, 200)["messages"][0]["state"] == "aborted"


def test_what_a_message_holds(server, judged, signer):
    _, message, _ = judged
    assert ask(server, "GET", message + "/raw", 200).endswith(MAIL)
    words = ask(server, "GET", message + "/text", 200)
    assert words["links"] == ["https://example.com/verify?code=1"]
    assert_strict("ReadableText", words)
    for query in ("", "?part=header", "?part=body"):
        assert ask(server, "GET", message + "/dkim/0/canonical" + query, 200)
    ask(server, "GET", message + "/dkim/0/canonical?part=tail", 400)
    ask(server, "GET", message + "/dkim/1/canonical", 404)

    inbox = inbox_of(server)
    server.send(inbox["address"], MAIL.replace(b"\r\n\r\n", b"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nPDF\r\n--x--\r\n", 1))
    report = server.report(inbox["token"])
    words = ask(server, "GET", f"/api/v1/inboxes/{inbox['token']}/messages/{report['message']['id']}/text", 200)
    assert [attachment["name"] for attachment in words["attachments"]] == ["a.pdf"]
    assert_strict("ReadableText", words)


def blocks(stream):
    """Each event's fields."""
    for block in stream.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in fields:
            yield fields


def test_events(server, judged, signer):
    path, _, _ = judged
    event_schema = {"$ref": "#/components/schemas/Event"}
    events = server.events(path.rsplit("/", 1)[1])
    assert {kind for _, kind, _ in events} == {"step", "verdict"}
    for number, kind, event in events:
        check(event, event_schema)
        assert event["id"] == number and (kind == "verdict") == (event["phase"] == "verdict")
    assert_strict("Event", events[-1][2])
    for query, headers in (("?after=x", None), ("", {"Last-Event-ID": "x"})):
        ask(server, "GET", path + "/events" + query, 400, headers=headers)


def test_the_last_event_of_an_inbox(server):
    inbox = inbox_of(server)
    first = []

    def is_gone(kind, event):
        if not first:
            ask(server, "DELETE", f"/api/v1/inboxes/{inbox['token']}", 204)
        first.append(event)
        return kind == "gone"

    with receiving(server, inbox["address"]):
        assert server.events(inbox["token"], until=is_gone)[-1][1:] == ("gone", {})


def test_what_if_and_judge_again(server, judged):
    _, message, report = judged
    answer = ask(server, "POST", message + "/what-if", 200, {"overlay": 'example.com TXT "v=spf1 -all"\n', "mail_from": "", "helo": "other.example", "ip": "2001:db8::7"})
    assert answer["changed"] and answer["report"]["connection"]["source"] == "command"
    assert_strict("Report", answer["report"])
    assert_strict("Changes", answer["changed"])
    assert_strict("Steps", answer["steps"][-2:])
    assert not named("Rejudged").is_valid({**answer, "held": []})
    ask(server, "POST", message + "/what-if", 200, {"zone": "", "ip": None})
    assert ask(server, "POST", message + "/what-if", 200)["changed"] == []
    for body in ({"zone": "", "overlay": ""}, {"zone": "a NONSENSE\n"}, {"ip": "nowhere"}, {"unheard-of": ""}, {"helo": 7}):
        ask(server, "POST", message + "/what-if", 400, body)
    ask(server, "POST", message + "/what-if", 400, "[]", JSON)

    again = ask(server, "POST", message + "/judge-again", 200)
    assert again["report"]["dmarc"] == report["dmarc"] and again["held"]
    assert_strict("JudgedAgain", {**again, "steps": again["steps"][-1:], "held": again["held"][:2]})


def test_judge_again_with_another_answer(tmp_path):
    def body():
        old = {("example.com", "NS"): ["60 ns.example.com."], ("ns.example.com", "A"): ["60 9.9.9.53"], ("example.com", "TXT"): ['1234 "v=spf1 -all"']}
        resolver = Dns("127.0.0.1", 53, old)
        zone = Dns("9.9.9.53", 53, {("example.com", "TXT"): ['60 "v=spf1 ip4:127.0.0.5 -all"']}, authoritative=True)
        with contextlib.closing(resolver), contextlib.closing(zone), running(LiveServer(tmp_path, "127.0.0.1:53")) as server:
            inbox = inbox_of(server)
            server.send(inbox["address"], MAIL)
            report = server.report(inbox["token"])
            again = ask(server, "POST", f"/api/v1/inboxes/{inbox['token']}/messages/{report['message']['id']}/judge-again", 200)
        [entry] = [entry for entry in again["held"] if (entry["name"], entry["type"]) == ("example.com", "TXT")]
        assert entry["differs"]
        assert_strict("Held", entry)
        assert any(other["instead"] for other in again["held"]) and any(not other["differs"] for other in again["held"])
        # Both answers are there if and only if they differ.
        for lacking in ("resolver", "authoritative"):
            assert not named("Held").is_valid({key: value for key, value in entry.items() if key != lacking})
        assert not named("Held").is_valid({**entry, "differs": False})

    in_namespace(body, ["9.9.9.53"])


@pytest.mark.parametrize("mask", [True, False])
def test_shares(server, judged, mask):
    _, message, report = judged
    answer = ask(server, "POST", message + "/share", 201, {"mask": mask})
    assert_strict("Share", answer)
    assert ask(server, "POST", message + "/share", 201, {"mask": mask}) == answer
    path = "/api/v1/shares/" + answer["share_url"].rsplit("/", 1)[1]
    shared = ask(server, "GET", path, 200)
    assert shared["share"]["masked"] == mask and (shared["connection"]["ip"] == "127.0.0.x") == mask
    assert_strict("SharedReport", shared)
    assert not named("Report").is_valid(shared) and not named("SharedReport").is_valid(report)
    stream = list(blocks(ask(server, "GET", path + "/events", 200).decode()))
    assert stream[-1]["event"] == "verdict"
    for fields in stream:
        check(json.loads(fields["data"]), {"$ref": "#/components/schemas/Event"})
    assert ask(server, "GET", f"{path}/events?after={stream[-1]['id']}", 204) is None
    ask(server, "GET", path + "/events?after=-1", 400)
    for body in ({"mask": 1}, {"masked": True}):
        ask(server, "POST", message + "/share", 400, body)


def test_scenarios(server):
    listed = ask(server, "GET", "/api/v1/scenarios?language=ko", 200)
    assert_strict("Scenarios", {"scenarios": listed["scenarios"][:1]})
    ask(server, "GET", "/api/v1/scenarios?language=xx", 400)
    for name in (entry["name"] for entry in listed["scenarios"]):
        told = ask(server, "GET", f"/api/v1/scenarios/{name}", 200)
        assert ask(server, "POST", f"/api/v1/scenarios/{name}/judge", 200)["changed"] == []
    assert_strict("Scenario", told)
    ask(server, "POST", f"/api/v1/scenarios/{name}/judge", 200, {"zone": told["zone"], "ip": "2001:db8::1", "helo": "", "mail_from": ""})
    ask(server, "POST", f"/api/v1/scenarios/{name}/judge", 400, {"overlay": ""})
    ask(server, "GET", "/api/v1/scenarios/unheard-of", 404)
    ask(server, "POST", "/api/v1/scenarios/unheard-of/judge", 404)


def test_evaluate(server, signer):
    mail = signer.sign(MAIL)
    received = b"Return-Path: <bounce@example.com>\r\nReceived: from mail.example.com (mail.example.com [192.0.2.9])\r\n\tby mx.example.net; Tue, 24 Nov 2026 02:00:00 +0000\r\n"
    for query, octets, media_type in (
        ("?ip=127.0.0.5&helo=mail.example.com&mail_from=bounce@example.com", mail, "message/rfc822"),
        ("?ip=2001:db8::1&mail_from=&steps=1", mail.replace(b"\r\n", b"\n"), "application/octet-stream"),
        ("?steps=true", received + mail, "message/global"),
        ("", mail, "application/x-www-form-urlencoded"),
    ):
        answer = ask(server, "POST", "/api/v1/evaluate" + query, 200, octets, {"Content-Type": media_type})
        assert ("steps" in answer) == ("steps" in query) and answer["message"]["id"] is None
        steps = {"steps": answer.pop("steps")[-1:]} if "steps" in answer else {}
        assert_strict("EvaluatedReport", {**answer, **steps})
    assert answer["spf"] is None and answer["connection"]["ip"] is None
    ask(server, "POST", "/api/v1/evaluate", 400)
    ask(server, "POST", "/api/v1/evaluate?ip=nowhere", 400, mail)
    ask(server, "POST", "/api/v1/evaluate", 415, "{}", JSON)
    ask(server, "POST", "/api/v1/evaluate", 415, mail, {"Content-Encoding": "gzip"})
    ask(server, "POST", "/api/v1/evaluate", 413, headers={"Content-Length": str(33 << 20)})


def test_refusals(server, judged):
    path, message, _ = judged
    nobody = "A" * 22
    for method, template in ((method, path) for path, item in DOCUMENT["paths"].items() for method in item if method != "parameters"):
        if "{token}" in template or "{share}" in template:
            ask(server, method.upper(), re.sub(r"\{(token|share)\}", nobody, template).replace("{id}", "m").replace("{n}", "0"), 404)
    for endpoint in ("", "/raw", "/text", "/dkim/0/canonical"):
        ask(server, "GET", f"{path}/messages/none{endpoint}", 404)
    for query in ("timeout=601", "timeout=x", "expect=nonsense", "after=none"):
        ask(server, "GET", f"{path}/wait?{query}", 400)
    for body in ("nonsense", "[]", '{"assume_ip": "nowhere"}', '{"assume_ip": 7}', '{"unheard-of": 1}'):
        ask(server, "POST", "/api/v1/inboxes", 400, body)
    for endpoint in ("/api/v1/inboxes", message + "/share", message + "/what-if"):
        ask(server, "POST", endpoint, 413, b" " * (65 << 10))
        ask(server, "POST", endpoint, 415, "{}", {"Content-Encoding": "br"})
    for method, path in (("PUT", "/api/v1/inboxes"), ("POST", path), ("DELETE", message), ("OPTIONS", "/metrics"), ("PATCH", "/api/v1/evaluate")):
        assert refused(server, method, path, 405)["Allow"]
    refused(server, "GET", "/api/v1/unheard-of", 404)
    refused(server, "GET", "/" + "x" * 9000, 414)
    ask(server, "GET", "/api/v1/scenarios", 403, headers={"Host": "evil.example"})
    ask(server, "POST", "/api/v1/inboxes", 403, headers={"Origin": "https://evil.example"})


def test_the_key(make_server):
    server = make_server(env={"MAILASSAY_HTTP_ACCESS_KEY": "the-key"})
    for path, item in DOCUMENT["paths"].items():
        for method in set(item) - {"parameters"}:
            path = path.replace("{token}", "A" * 22).replace("{share}", "A" * 22)
            if item[method].get("security") == []:
                # /readyz asks the disk, and a loaded machine's may be late.
                assert server.request(method.upper(), path)[0] in ((200, 503) if path == "/readyz" else (200, 404)), path
                continue
            ask(server, method.upper(), path, 401)
            ask(server, method.upper(), path, 303, headers={"Accept": "text/html"})
    assert ask(server, "GET", "/openapi.json", 200, headers={"Authorization": "Bearer the-key"}) == DOCUMENT
    assert b"mailassay_inboxes " in ask(server, "GET", "/metrics", 200, headers={"Authorization": "Bearer the-key"})


def test_operations(server):
    for path in ("/healthz", "/metrics"):
        assert ask(server, "GET", path, 200)
    deadline = time.monotonic() + 60
    while server.get("/readyz")[0] == 503:  # a loaded machine's disk may be late
        assert time.monotonic() < deadline
        time.sleep(1)
    assert ask(server, "GET", "/readyz", 200)
