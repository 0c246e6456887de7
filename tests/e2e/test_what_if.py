"""A received mail judged under other circumstances: the proof before publishing."""

import json

from conftest import MAIL, example_zone


def what_if(server, inbox, identifier, **members):
    path = f"/api/v1/inboxes/{inbox['token']}/messages/{identifier}/what-if"
    status, body, _ = server.request("POST", path, json.dumps(members), {"Content-Type": "application/json"})
    return status, json.loads(body)


def test_the_proposed_records_turn_spf_to_aligned(make_server, signer):
    """Amazon SES without a custom MAIL FROM: SPF passes for its own domain and does not align."""
    zone = example_zone(signer.record) + 'ap-northeast-2.amazonses.com. TXT "v=spf1 ip4:127.0.0.5 -all"\n'
    server = make_server(zone)
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL), mail_from="0100@ap-northeast-2.amazonses.com")
    before = server.report(inbox["token"])
    assert before["spf"]["result"] == "pass" and before["dmarc"]["spf"]["aligned"] is False
    identifier = before["message"]["id"]

    proposed = 'bounce.example.com. MX 10 feedback-smtp.ap-northeast-2.amazonses.com.\nbounce.example.com. TXT "v=spf1 include:ap-northeast-2.amazonses.com ~all"\n'
    status, answer = what_if(server, inbox, identifier, overlay=proposed, mail_from="0100@bounce.example.com")
    assert status == 200, answer
    assert answer["report"]["spf"]["result"] == "pass"
    assert answer["report"]["spf"]["matched"] == "include:ap-northeast-2.amazonses.com"
    assert answer["report"]["dmarc"]["spf"]["aligned"] is True
    assert {"path": "dmarc.spf.aligned", "before": False, "after": True} in answer["changed"]
    assert answer["steps"][-1]["kind"] == "verdict"
    # Nothing of it is kept.
    assert server.report(inbox["token"]) == before

    # The same circumstances: nothing changes but who was asked.
    status, same = what_if(server, inbox, identifier)
    assert status == 200 and same["changed"] == [], same["changed"]


def test_a_bad_zone_names_its_line(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], MAIL)
    identifier = server.report(inbox["token"])["message"]["id"]
    status, problem = what_if(server, inbox, identifier, zone="example.com. TXT \"a\"\nexample.com. NONSENSE x\n")
    assert status == 400 and problem["detail"].startswith("zone line 2: ")
