"""Random SPF policies, judged by us and by pyspf from the same zone: the result, the directive that matched, the
explanation of a fail, and what was counted to the limits."""
import common
import spf
import spf_cases
import spf_faults
from mends import fewest

NO_TEXT = "none of its own"
COUNTED = ("pass", "fail", "softfail", "neutral")  # an error leaves the counters where it met them


def compared_facts(result, matched, explanation, lookups, void_lookups):
    return {"result": result, "matched": matched or None,
            "explanation": (explanation or NO_TEXT) if result == "fail" else None,
            "lookups": lookups if result in COUNTED else None,
            "void look-ups": void_lookups if result in COUNTED else None}


def by_pyspf(case, module):
    module.DNSLookup, module.TempError = case.zone.look_up, spf.TempError
    query = module.query(i=case.ip, s=case.mail_from, h=case.helo, receiver="mx.receiver.example", strict=True)
    query.t = str(common.AT)
    query.set_default_explanation(NO_TEXT)
    result, _, explanation = query.check()
    return compared_facts(result, query.mechanism, explanation, query.lookups, query.void_lookups)


def by_us(cases):
    given = [{"zone": case.zone.text(), "ip": case.ip, "helo": case.helo, "mail_from": case.mail_from,
              "receiver": "mx.receiver.example", "at": common.AT} for case in cases]
    return [compared_facts(told["result"], told["matched"], told["explanation"], told["lookups"], told["void_lookups"])
            for told in common.ask([common.JUDGES / "spf_judge"], given)]


def compare_block(numbers):
    cases = [spf_cases.random_case(common.rng_of("spf", number)) for number in numbers]
    return [compare(*each) for each in zip(numbers, cases, by_us(cases), strict=True)]


def compare(number, case, ours):
    mended = spf_faults.MENDED.mended
    faults = fewest(spf_faults.FAULTS, lambda names: by_pyspf(case, mended(names)) == ours)
    if faults is not None:
        return common.Compared(number, ours["result"], faults)
    theirs, best = by_pyspf(case, spf), by_pyspf(case, mended(frozenset(spf_faults.FAULTS)))
    told = (f"case {number}: ip {case.ip} helo {case.helo} mail from {case.mail_from!r}\n  we     {ours}\n"
            f"  pyspf  {theirs}\n  mended {best}\n{case.zone.text()}")
    return common.Compared(number, ours["result"], difference=told)


def test_each_fault_is_in_pyspf():
    common.check_table(spf_faults.FAULTS, spf_faults.MENDED.mended)


def test_random_policies():
    common.report("spf", "pyspf", common.compare_all(compare_block))
