"""Every scenario of config/scenarios: what it expects, in both languages, over the API, as files and through SMTP."""

import json
import re
import tomllib

import pytest
from conftest import ROOT, run

FOLDER = ROOT / "config/scenarios"
NAMES = sorted(path.name for path in FOLDER.iterdir())
SES = ["ses-custom-mail-from", "ses-default", "ses-email-identity", "ses-fallback"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    from conftest import Server

    server = Server(tmp_path_factory.mktemp("scenarios"))
    yield server.start()
    assert server.stop() == 0, server.output()


def scenario(server, name):
    return server.json(f"/api/v1/scenarios/{name}")


def judge(server, name, **members):
    status, body, _ = server.request("POST", f"/api/v1/scenarios/{name}/judge", json.dumps(members), {"Content-Type": "application/json"})
    return status, json.loads(body)


def test_there_are_enough():
    assert set(SES) <= set(NAMES) and len(NAMES) >= 16


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_are_complete(name):
    told = tomllib.loads((FOLDER / name / "scenario.toml").read_text())
    assert set(told["title"]) == set(told["lesson"]) == {"en", "ko"}
    for part in ("title", "lesson"):
        assert re.search("[가-힣]", told[part]["ko"]) and not re.search("[가-힣]", told[part]["en"].replace("(광고)", ""))
    assert 80 < len(told["lesson"]["ko"]) < len(told["lesson"]["en"]) < 500
    assert len(re.findall("요[.(:]", told["lesson"]["ko"])) >= 2 and not re.search("(니다|한다|이다)[.]", told["lesson"]["ko"]), "in 해요 style"
    assert len(told["expect"]) >= 3 and any(line.startswith("dmarc=") for line in told["expect"])


def test_the_list_speaks_the_readers_language(server):
    def titles(query="", headers=None):
        status, body, _ = server.get("/api/v1/scenarios" + query, headers)
        assert status == 200
        listed = json.loads(body)["scenarios"]
        assert [entry["name"] for entry in listed] == NAMES
        assert all(set(entry) == {"name", "title", "lesson"} and entry["title"] and entry["lesson"] for entry in listed)
        return [entry["title"] for entry in listed]

    english, korean = titles("?language=en"), titles("?language=ko")
    assert not set(english) & set(korean)
    assert titles() == english
    assert titles(headers={"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.8"}) == korean
    assert titles(headers={"Accept-Language": "fr, ko;q=0.9"}) == korean
    assert titles("?language=en", {"Accept-Language": "ko"}) == english
    assert server.get("/api/v1/scenarios?language=fr")[0] == 400


@pytest.mark.parametrize("name", NAMES)
def test_it_shows_what_it_expects(server, name, tmp_path):
    told = tomllib.loads((FOLDER / name / "scenario.toml").read_text())
    prepared = scenario(server, name)
    assert set(prepared) == {"name", "title", "lesson", "ip", "helo", "mail_from", "zone", "mail"}
    assert "{{" not in prepared["zone"] + prepared["mail"]
    zone, mail = tmp_path / "zone.txt", tmp_path / "mail.eml"
    zone.write_text(prepared["zone"])
    mail.write_bytes(prepared["mail"].encode())
    arguments = ["check", str(mail), "--zone", str(zone), "--ip", prepared["ip"], "--helo", prepared["helo"], "--mail-from", prepared["mail_from"]]
    for line in told["expect"]:
        code, out, err = run(*arguments, "--format", "authres", "--expect", line)
        assert code == 0, (line, out, err)

    # The API judges the very mail and zone that it shows.
    status, answer = judge(server, name)
    assert status == 200, answer
    assert answer["changed"] == [] and answer["steps"][-1]["kind"] == "verdict"
    report = json.loads(run(*arguments, "--format", "json")[1])
    for part in ("spf", "dkim", "dmarc", "dmarc_rfc7489"):
        assert answer["report"][part] == report[part]
    assert scenario(server, name) == prepared, "kept for the process"


def test_every_scenario_comes_true_through_smtp():
    code, out, err = run("demo", *NAMES, timeout=240)
    assert code == 0, out[-3000:] + err
    for name in NAMES:
        assert len(re.findall(rf"^{name} .*dmarc=(pass|fail|none|temperror)", out, re.MULTILINE)) == 1, name


def test_the_demo_plays_amazon_ses_alone():
    code, out, _ = run("demo")
    verdicts = re.findall(r"^(\S+) .*\bdmarc=(pass|fail)\b", out, re.MULTILINE)
    assert code == 0 and sorted(verdicts) == [(name, "fail" if name == "ses-email-identity" else "pass") for name in SES]
    code, _, err = run("demo", "unheard-of")
    assert code == 2 and "unheard-of" in err and "ses-default" in err


def changes(answer):
    return {change["path"]: (change["before"], change["after"]) for change in answer["changed"]}


# (scenario, what its lesson says to change in the zone, and what that shows)
LESSONS = [
    ("no-records", lambda zone: zone + '_dmarc.bakery.example TXT "v=DMARC1; p=reject"\n', {"dmarc.result": ("none", "fail"), "dmarc.disposition": ("none", "reject")}),
    (
        "two-spf-records",
        lambda zone: re.sub(r'garden\.example +TXT "v=spf1 ip4.*\n.*\n', 'garden.example TXT "v=spf1 ip4:203.0.113.40 include:_spf.newsletter.example -all"\n', zone, count=1),
        {"spf.result": ("permerror", "pass"), "dmarc.result": ("fail", "pass")},
    ),
    ("too-many-lookups", lambda zone: re.sub(r"include:_spf\.(crm|desk)\.example ", "", zone), {"spf.result": ("permerror", "pass"), "dmarc.result": ("fail", "pass")}),
    ("subdomain-policy", lambda zone: zone + "prizes-2026.brand.example A 198.51.100.90\n", {"dmarc.policy": ("reject", "quarantine"), "dmarc.disposition": ("reject", "quarantine")}),
    ("rfc-differ", lambda zone: zone.replace("; psd=n", ""), {"dmarc.result": ("fail", "pass")}),
    ("strict-alignment", lambda zone: zone.replace("; adkim=s; aspf=s", ""), {"dmarc.result": ("fail", "pass"), "dmarc.spf.aligned": (False, True)}),
    ("bounce", lambda zone: zone.replace('mx.hotel.example                TXT "v=spf1 a -all"\n', ""), {"spf.result": ("pass", "none"), "dmarc.result": ("pass", "fail")}),
    (
        "dns-trouble",
        lambda zone: re.sub(r"\$TIMEOUT (\S+)\n\$SERVFAIL .*\n", r'\1 TXT "v=spf1 ip4:203.0.113.130 -all"\n', zone),
        {"spf.result": ("temperror", "pass"), "dmarc.result": ("temperror", "pass")},
    ),
]  # fmt: skip


@pytest.mark.parametrize("name, edit, shown", LESSONS, ids=[lesson[0] for lesson in LESSONS])
def test_the_lesson_can_be_tried(server, name, edit, shown):
    zone = scenario(server, name)["zone"]
    assert edit(zone) != zone
    status, answer = judge(server, name, zone=edit(zone))
    assert status == 200, answer
    told = changes(answer)
    assert {path: told.get(path) for path in shown} == shown


def test_another_client_can_be_tried(server):
    status, answer = judge(server, "forwarded", ip="203.0.113.10", helo="mx.bank.example")
    assert status == 200 and changes(answer)["spf.result"] == ("fail", "pass")
    assert answer["report"]["connection"]["helo"] == "mx.bank.example"


def test_the_footer_is_named(server):
    _, answer = judge(server, "mailing-list-footer")
    [found] = [step["data"] for step in answer["steps"] if step["kind"] == "dkim.forensics"]
    assert found["found"] and found["part"] == "body" and "Tech mailing list" in found["after"]


def test_what_is_appended_behind_l_is_counted(server):
    _, answer = judge(server, "length-append")
    [hashed] = [step["data"] for step in answer["steps"] if step["kind"] == "dkim.body_hash"]
    assert hashed["match"] and hashed["unsigned_octets"] > 50


def test_bad_requests_are_named(server):
    assert judge(server, "unheard-of")[0] == 404 and server.get("/api/v1/scenarios/unheard-of")[0] == 404
    for members, detail in [
        ({"zone": "a. NONSENSE b\n"}, "zone line 1: "),
        ({"ip": "nowhere"}, "ip is not an IP address"),
        ({"overlay": ""}, 'member "overlay" is unknown: zone, ip, helo and mail_from may be given'),
        ({"helo": 7}, "helo is not a string"),
    ]:
        status, problem = judge(server, "forwarded", **members)
        assert status == 400 and problem["detail"].startswith(detail), problem
