"""One message's story for whoever has its link: masked by the server, read-only, gone with the inbox."""

import json
import smtplib

from conftest import MAIL, PATIENCE, example_zone

ZONE = """
5.0.0.127.in-addr.arpa PTR ec2-127-0-0-5.example.com
ec2-127-0-0-5.example.com A 127.0.0.5
example.org TXT "v=spf1 a:%{l1r-}.lists.%{d2} exists:%{ir}.%{l}._spf.%{d} -all exp=exp.example.org"
exp.example.org TXT "%{i} may not send for %{s}, ask %{l} or postmaster@%{o}"
_dmarc.example.com TXT "v=DMARC1; p=quarantine; rua=mailto:reports-to-hide@example.com"
"""
SECRETS = ("lovelace", "127.0.0.5", "127-0-0-5", "5.0.0.127", "reports-to-hide", "reader-two", "shop@", "ld-")


def share(server, inbox, identifier, **members):
    path = f"/api/v1/inboxes/{inbox['token']}/messages/{identifier}/share"
    status, body, _ = server.request("POST", path, json.dumps(members), {"Content-Type": "application/json", **KEY})
    assert status == 201, body
    return json.loads(body)


def numbers(stream):
    return [int(line[4:]) for line in stream.splitlines() if line.startswith("id: ")]


KEY = {"Authorization": "Bearer the-key"}
MAILS = MAIL.replace(b"To: you@mailassay.test", b"To: Reader Two <reader-two@example.net>, you@mailassay.test")


def test_a_link_shows_one_masked_story(make_server, signer):
    zone = example_zone(signer.record).replace('_dmarc.example.com TXT "v=DMARC1; p=quarantine"\n', "")
    server = make_server(zone.replace("5.0.0.127.in-addr.arpa PTR mail.example.com\n", "") + ZONE, env={"MAILASSAY_HTTP_ACCESS_KEY": "the-key"})
    _, body, _ = server.request("POST", "/api/v1/inboxes", "{}", KEY)
    inbox = json.loads(body)
    # Two mails in one connection: only the second is shared.
    with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="[127.0.0.5]", source_address=("127.0.0.5", 0), timeout=PATIENCE) as client:
        client.sendmail("other@example.com", [inbox["address"]], MAIL.replace(b"Your order", b"Not yours"))
        client.sendmail("lovelace-ada@example.org", [inbox["address"]], signer.sign(MAILS))
    path = f"/api/v1/inboxes/{inbox['token']}"
    first = json.loads(server.get(f"{path}/wait?timeout=30", KEY)[1])
    second = json.loads(server.get(f"{path}/wait?timeout=30&after={first['message']['id']}", KEY)[1])
    if first["message"]["subject"] == "Your order":
        first, second = second, first
    assert second["connection"]["ip"] == "127.0.0.5" and "lovelace-ada" in second["spf"]["explanation"]

    answer = share(server, inbox, second["message"]["id"])
    assert answer["share_url"].startswith(server.url + "/s/")
    link = answer["share_url"].rsplit("/", 1)[1]
    shared = f"/api/v1/shares/{link}"

    # Without the key, and without a secret.
    status, body, headers = server.get(shared)
    assert status == 200 and headers["Referrer-Policy"] == "no-referrer"
    report = json.loads(body)
    assert report["message"]["subject"] == "Your order"
    assert report["connection"]["ip"] == "127.0.0.x" and report["connection"]["mail_from"] == "***@example.org"
    assert report["spf"]["explanation"] == "127.0.0.x may not send for ***@example.org, ask *** or ***@example.org"
    assert report["dmarc"]["record"] == "v=DMARC1; p=quarantine; rua=mailto:***@example.com"
    assert "smtp.mailfrom=***@example.org" in report["authentication_results"]
    status, stream, headers = server.get(shared + "/events")
    assert status == 200 and headers["Content-Type"].startswith("text/event-stream")
    stream = stream.decode()
    for text in (body.decode(), stream):
        for secret in (*SECRETS, inbox["token"], "Not yours", "other@", first["message"]["id"]):
            assert secret not in text, secret

    # The events are those of the journal, by number: the connection's and this mail's, up to its verdict.
    _, whole, _ = server.get(f"/api/v1/shares/{share(server, inbox, second['message']['id'], mask=False)['share_url'].rsplit('/', 1)[1]}/events")
    blocks = [block for block in stream.split("\n\n") if "data: " in block]
    kinds = [json.loads(block.split("data: ", 1)[1])["kind"] for block in blocks]
    assert kinds[0] == "connection.opened" and kinds[-1] == "verdict" and "event: verdict" in blocks[-1]
    assert kinds.count("message.started") == 1 and "smtp.greeting" in kinds and "dns.answer" in kinds
    assert numbers(stream) == numbers(whole.decode()) and "lovelace-ada" in whole.decode()

    # EventSource comes back with the last number, and is told to stop.
    assert server.get(shared + "/events", {"Last-Event-ID": str(numbers(stream)[-1])})[0] == 204
    assert numbers(server.get(shared + "/events", {"Last-Event-ID": str(numbers(stream)[-2])})[1].decode()) == numbers(stream)[-1:]

    # The page and what it loads are open; the inbox is not, nor is anything writable.
    assert server.get(f"/s/{link}")[0] == 200 and server.get("/style.css")[0] == 200
    assert server.get(path)[0] == 401
    assert server.request("DELETE", shared)[0] == 405

    # A restart keeps it; the inbox takes it along.
    server.stop()
    server.start()
    before, after = json.loads(body), json.loads(server.get(shared)[1])
    assert before.pop("share")["masked"] and after.pop("share")["masked"] and after == before
    assert server.request("DELETE", path, headers=KEY)[0] == 204
    assert server.get(shared)[0] == 404 and server.get(shared + "/events")[0] == 404
