"""`mailassay wait --junit FILE`: the results as CI systems read them."""

import xml.etree.ElementTree as ElementTree

import pytest
from conftest import MAIL, example_zone, free_port, run


def wait(server, token, file, *expect, timeout=30):
    arguments = ["wait", token, "--server", server.url, "--timeout", str(timeout), "--junit", str(file)]
    for line in expect:
        arguments += ["--expect", line]
    return run(*arguments)


def read(file):
    """The suite; its counts are those of its cases, and of the whole."""
    suites = ElementTree.parse(file).getroot()
    assert suites.tag == "testsuites" and [suite.tag for suite in suites] == ["testsuite"]
    [suite] = suites
    cases = suite.findall("testcase")
    for element in (suites, suite):
        assert element.get("name") and float(element.get("time")) >= 0
        assert int(element.get("tests")) == len(cases)
        for counted, tag in (("failures", "failure"), ("errors", "error")):
            assert int(element.get(counted)) == len(suite.findall(f"testcase/{tag}"))
    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    assert all(case.get("classname") and float(case.get("time")) >= 0 for case in cases)
    return suite


def outcomes(suite):
    """What became of each case: its name to the tag and message of what is wrong, None if nothing is."""
    return {
        case.get("name"): next(((wrong.tag, wrong.get("message")) for wrong in case), None) for case in suite.findall("testcase")
    }


@pytest.fixture
def judged(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL))
    return server, inbox["token"]


def test_everything_holds(judged, tmp_path):
    server, token = judged
    file = tmp_path / "results.xml"
    file.write_text("of the run before" * 1000)
    code, out, err = wait(server, token, file, "dmarc=pass", "dkim[example.com].key_bits>=2048")
    assert (code, err) == (0, "")
    suite = read(file)
    assert outcomes(suite) == {"a mail was judged": None, "dmarc=pass": None, "dkim[example.com].key_bits>=2048": None}
    said = suite.findtext("system-out")
    report = server.report(token)
    assert said.startswith(out) and out.startswith("spf=pass dkim=pass dmarc=pass")
    assert "Authentication-Results: " + report["authentication_results"].replace("\r", "") in said
    assert suite.get("timestamp")[:2] == "20" and len(suite.get("timestamp")) == len("2026-11-24T02:00:00")


def test_an_expectation_fails(judged, tmp_path):
    server, token = judged
    file = tmp_path / "results.xml"
    hostile = "message.subject=<b>&\"'\n]]>주문\x01\x7f"
    code, out, err = wait(server, token, file, "dmarc=fail", "spf=pass", hostile)
    assert code == 1 and out.startswith("spf=pass")
    told = outcomes(read(file))
    assert told["a mail was judged"] is None and told["spf=pass"] is None
    assert told["dmarc=fail"] == ("failure", "expected dmarc=fail, but dmarc.result is pass")
    shown = hostile.replace("\x01", "\N{REPLACEMENT CHARACTER}")
    assert told[shown] == ("failure", f"expected {shown}, but message.subject is Your order")
    assert "expected dmarc=fail, but dmarc.result is pass" in err


def test_a_hostile_mail_stays_text(make_server, tmp_path):
    server = make_server('example.com TXT "v=spf1 -all"\n')
    inbox = server.new_inbox()
    mail = MAIL.replace(b"Your order", b"</system-out>]]>&<x y=\"'\xff\xef\xbf\xbe\x01\x0b")
    server.send(inbox["address"], mail, mail_from='"</system-out>&]]>"@example.com', helo="<x>&]]>")
    file = tmp_path / "results.xml"
    code, _, _ = wait(server, inbox["token"], file, "message.subject=x", "connection.helo=x")
    assert code == 1
    suite = read(file)
    assert "]]>" in suite.findtext("system-out") and len(suite.findall("system-out")) == 1
    report = server.report(inbox["token"])
    for character in "\ufffe\x01\x0b":
        report["message"]["subject"] = report["message"]["subject"].replace(character, "\N{REPLACEMENT CHARACTER}")
    assert outcomes(suite)["message.subject=x"][1] == f"expected message.subject=x, but message.subject is {report['message']['subject']}"


def test_nothing_comes_in_time(make_server, tmp_path):
    server = make_server()
    file = tmp_path / "results.xml"
    code, out, err = wait(server, server.new_inbox()["token"], file, "dmarc=pass", timeout=1)
    assert (code, out, err) == (1, "", "mailassay: no mail was judged within 1 s\n")
    suite = read(file)
    assert outcomes(suite) == {
        "a mail was judged": ("failure", "no mail was judged within 1 s"),
        "dmarc=pass": ("skipped", "no mail was judged"),
    }
    assert float(suite.get("time")) >= 1


def test_a_server_that_refuses_is_an_error(make_server, tmp_path):
    server = make_server()
    file = tmp_path / "results.xml"
    code, _, err = wait(server, "0123456789", file)
    assert code == 2 and err.startswith("mailassay: the server refused: no inbox has this token")
    [(tag, message)] = outcomes(read(file)).values()
    assert tag == "error" and err == f"mailassay: {message}\n"

    code, _, err = run("wait", "0123456789", "--server", f"http://127.0.0.1:{free_port()}", "--junit", str(file))
    assert code == 2 and "does not answer" in err
    assert outcomes(read(file))["a mail was judged"][0] == "error"


def test_an_unwritable_file_is_told_before_the_wait(tmp_path):
    """No server is asked: none is there, and that is not what is said."""
    nobody = f"http://127.0.0.1:{free_port()}"
    for path in (tmp_path / "no-folder" / "results.xml", tmp_path, ""):
        code, out, err = run("wait", "0123456789", "--server", nobody, "--junit", str(path), timeout=10)
        assert (code, out) == (2, "") and err.startswith("mailassay: --junit: ") and err.count("\n") == 1, err
        assert str(path) in err and "name a file in a folder that exists" in err


def test_bad_usage_leaves_the_file_alone(tmp_path):
    file = tmp_path / "results.xml"
    file.write_text("kept")
    assert run("wait", "0123456789", "--expect", "nonsense", "--junit", str(file))[0] == 2
    assert run("wait", "no token", "--junit", str(file))[0] == 2
    assert file.read_text() == "kept"


def test_a_full_disk_is_told_with_the_verdict(judged):
    server, token = judged
    code, out, err = wait(server, token, "/dev/full", "dmarc=pass")
    assert code == 2 and out.startswith("spf=pass") and err.startswith("mailassay: --junit: '/dev/full' cannot be written")


def test_the_help_names_it():
    code, out, _ = run("wait", "--help")
    assert code == 0 and "--junit" in out and "JUnit" in out
