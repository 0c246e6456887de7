"""Random signed mails, judged by us, by dkimpy and by Mail::DKIM."""
import common
import dkim_cases
import dkimpy_faults
from dkim_peers import PEERS, as_json, facts
from mends import fewest

RSA = ["rsa1024"] * 6 + ["rsa2048"] * 2 + ["rsa768"]
SIGNERS = {"dkimpy": RSA + ["ed25519"] * 3, "Mail::DKIM": RSA}  # Mail::DKIM there knows no Ed25519


def agree(ours, theirs):
    return all(None in (ours[key], theirs[key]) or ours[key] == theirs[key] for key in ours)


def by_us(cases):
    said = {"match": True, "mismatch": False, "true": True, "false": False, "": None}
    for told in common.ask([common.JUDGES / "dkim_judge"], map(as_json, cases)):
        word = f"{told['result']} {told['cause']}".strip()
        yield word, facts(told["result"] == "pass", said[told["body"]], said[told["signature"]])


def compare_block(name, numbers):
    cases = [dkim_cases.random_case(common.rng_of(name, number), SIGNERS[name]) for number in numbers]
    with PEERS[name]() as peer:
        return [compare(name, peer, *each) for each in zip(numbers, cases, by_us(cases), strict=True)]


def compare(name, peer, number, case, ours):
    word, ours = ours
    faults = fewest(peer.faults, lambda names: agree(ours, peer.judge(case, names)[1]))
    if faults is not None:
        return common.Compared(number, word, faults)
    theirs, best = peer.judge(case), peer.judge(case, frozenset(peer.faults))
    told = (f"case {number}: we {word} {ours}\n  {name} {theirs}\n  mended {best}\n"
            f"  {case.name} {case.dns} {case.record!r}\n  {case.mail!r}")
    return common.Compared(number, word, difference=told)


def test_each_fault_is_in_dkimpy():
    common.check_table(dkimpy_faults.FAULTS, dkimpy_faults.MENDED.mended)


def test_against_dkimpy():
    common.report("dkim", "dkimpy", common.compare_all(compare_block, "dkimpy"))


def test_against_mail_dkim():
    common.report("dkim", "Mail::DKIM", common.compare_all(compare_block, "Mail::DKIM"))
