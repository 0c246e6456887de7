"""The other verifiers of DKIM, told as facts: whether the signature passes, and, where one says so, whether the hash of
the body and the signature fit. Either takes the names of faults to mend first."""
import base64
import json
import subprocess
import types

import common
import dkimpy_faults


BROKEN = "broken"  # a mend that throws explains nothing


def facts(passed, body=None, signature=None):
    """None: not said."""
    return {"pass": passed, "body": body, "signature": signature}


def as_json(case):
    mail = base64.b64encode(case.mail).decode()
    return {"mail": mail, "name": case.name, "record": case.record, "dns": case.dns, "at": common.AT}


class Errors:
    """A logger that keeps the last error."""
    text = ""

    def error(self, text):
        self.text = text

    def debug(self, text):
        pass

    def isEnabledFor(self, level):
        return False


class Dkimpy:
    faults = dkimpy_faults.FAULTS

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def judge(self, case, mended=frozenset()):
        module = dkimpy_faults.MENDED.mended(mended)
        module.time = types.SimpleNamespace(time=lambda: common.AT)

        def look_up(name, timeout=5):
            if case.dns == "timeout":
                raise module.DnsTimeoutError(name)
            known = case.dns == "ok" and case.record is not None and name.decode("latin-1").lower()[:-1] == case.name
            return case.record.encode() if known else None

        errors = Errors()
        try:
            passed = module.DKIM(case.mail, logger=errors).verify(dnsfunc=look_up)
        except module.ValidationError as error:
            text = str(error)
            return text, facts(False, body=False if text.startswith("body hash mismatch") else None)
        except Exception as error:  # it throws many kinds for what it cannot read
            ours = mended and isinstance(error, (AttributeError, KeyError, NameError, TypeError))
            return f"{type(error).__name__}: {error}", facts(BROKEN if ours else False)
        if passed:
            return "pass", facts(True, True, True)
        # It raises for a body that does not fit, and logs what is wrong with a key.
        if errors.text or not module.DKIM(case.mail).present():
            return f"no {errors.text}", facts(False)
        return "fail", facts(False, True, False)


class MailDkim:
    command = ["perl", common.ROOT / "tests/differential/mail_dkim_judge.pl"]
    faults = json.loads(subprocess.run([*command, "--faults"], check=True, capture_output=True).stdout)

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *error):
        self.process.communicate()

    def judge(self, case, mended=frozenset()):
        self.process.stdin.write(json.dumps(as_json(case) | {"mended": sorted(mended)}).encode() + b"\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        word = f"{told['result']} {told['detail']}".strip()
        if told["result"] == "died" and mended:
            return word, facts(BROKEN)
        if told["result"] == "pass":
            return word, facts(True, True, True)
        if told["detail"] == "body has been altered":
            return word, facts(False, False, True)
        if told["detail"] in ("message has been altered", "bad RSA signature"):
            return word, facts(False, None, False)
        return word, facts(False)


PEERS = {"dkimpy": Dkimpy, "Mail::DKIM": MailDkim}
