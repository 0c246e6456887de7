"""Where pyspf 2.0.14 leaves RFC 7208: each fault with its section, pyspf's own lines, and what the RFC wants there."""
import spf
from mends import Mends

# What the mended lines call.
HELPERS = '''
_TRANSFORM = r"(?:0*[1-9][0-9]*)?r?[-.+,/_=]*"
_EXPAND = r"%\\{[slodiphvcrt]" + _TRANSFORM + r"\\}|%[%_-]"
_DOMAIN = re.compile("(?:[!-$&-~]|" + _EXPAND + ")*", re.I)
_TEXT = re.compile("(?:[ !-$&-~]|" + _EXPAND + ")*", re.I)

def _tolerant(look_up, *arguments):
    try:
        return look_up(*arguments)
    except TempError:
        return []

def _validated(query):
    for name in _tolerant(query.dns_ptr, query.i)[:MAX_PTR]:
        if query.cidrmatch(_tolerant(query.dns_a, name, query.A), query.cidrmax):
            yield name

def _checked(query, spec, expand):
    """Expands for the syntax alone: %{p} asks nothing."""
    p, query.p, query.getp = query.p, "unknown", lambda: None
    try:
        return expand(spec)
    finally:
        query.p = p
        del query.getp

def _uncounted(query, work):
    kept = {key: query.__dict__.get(key) for key in ("p", "names", "void_lookups")}
    query.void_lookups = -1000
    try:
        return work()
    finally:
        query.__dict__.update(kept)
'''

# name: [(pyspf's lines, the same mended), …]
FAULTS = {
    "4.6.4 an include of oneself that is never reached is no fault": [(
        """\
                if arg == self.d:
                    if mech != 'include':
                        raise PermError('include has trivial recursion', mech)
""", """\
                if ':' not in mech:
""")],
    "4.6.4 a redirect that is never reached is no term to count": [(
        """\
            elif mod == 'redirect':
                self.check_lookups()
""", """\
            elif mod == 'redirect':
"""), (
        """\
            if redirect:
""", """\
            if redirect:
                self.check_lookups()
""")],
    "4.6.4 a look-up through a CNAME is one void look-up, not two": [
        ("self.dns(cname, qtype, cnames=cnames)", "self.dns(cname, qtype, cnames=cnames, ignore_void=True)")],
    "4.6.2 %{p} is asked when its term is reached": [(
        """\
            arg = self.expand_domain(arg)
            if not arg:
                raise PermError('empty domain:',mech)
""", """\
            arg = _checked(self, arg, self.expand_domain)
            if not arg:
                raise PermError('empty domain:',mech)
"""), (
        """\
        for mech, m, arg, cidrlength, result in mechs:
""", """\
        for mech, m, arg, cidrlength, result in mechs:
            if m in ('a', 'mx', 'ptr', 'exists', 'include') and ':' in mech:
                arg = self.expand(parse_mechanism(mech, self.d)[1])
"""),
        ("self.expand(m[1])       # syntax", "_checked(self, m[1], self.expand)  # syntax"), (
        """\
                redirect = self.expand_domain(arg)
""", """\
                redirect_spec, redirect = arg, _checked(self, arg, self.expand_domain)
"""), (
        """\
                redirect_record = self.dns_spf(redirect)
""", """\
                redirect = self.expand(redirect_spec)
                redirect_record = self.dns_spf(redirect)
""")],
    "5.4 the hosts of an MX are asked one after the other, none behind the match": [(
        """\
                if self.cidrmatch(self.dns_mx(arg), cidrlength):
""", """\
                hosts = self.dns(arg, 'MX')
                if len(hosts) > MAX_MX:
                    raise PermError('too many MX', mech)
                hosts.sort(key=lambda host: host[0])
                if any(self.cidrmatch(self.dns_a(host[1], self.A), cidrlength) for host in hosts):
""")],
    "5.5, 7.3 PTR names are asked one after the other; a DNS error is no match, or skips that name": [(
        """\
                if domainmatch(self.validated_ptrs(), arg):
""", """\
                if any(domainmatch([name], arg) for name in _validated(self)):
"""), (
        """\
        return [p for p in self.dns_ptr(self.i)[:max]
            if self.cidrmatch(self.dns_a(p,self.A),cidrlength)]
""", """\
        return list(_validated(self))
""")],
    "7.3 %{p} prefers the name that is the domain at hand": [(
        """\
        if not self.p:
            p = self.validated_ptrs()
""", """\
        if True:
            if self.__dict__.get('names') is None:
                self.names = self.validated_ptrs()
            p = self.names
"""),
        ("            elif self.d in p:\n", "            elif self.d.lower() in p:\n"),
        ("                sfx = '.' + self.d\n", "                sfx = '.' + self.d.lower()\n")],
    "6 a modifier that is not known may be repeated": [(
        """\
                self.note_error('%s= MUST appear at most once'%mod,mech)
""", """\
                if mod == 'exp':
                    raise PermError('exp= MUST appear at most once', mech)
""")],
    "12 the names of modifiers have no case": [
        ("            mod,arg = m\n", "            mod, arg = m[0].lower(), m[1]\n")],
    "6.2 exp= is asked after a fail alone, and counts to no limit": [(
        """\
                arg = self.expand_domain(arg)
                if arg:
""", """\
                if _checked(self, arg, self.expand_domain):
"""), (
        """\
                        exp = self.get_explanation(arg)
""", """\
                        exp = _uncounted(self, lambda: self.get_explanation(self.expand_domain(arg)))
""")],
    "7.1 a macro that the grammar does not know is a syntax error": [(
        """\
        if s.find('%') >= 0:
            regex = RE_INVALID_MACRO
            for label in s.split('.'):
                if regex.search(s):
                    raise PermError ('invalid-macro-char ', label)
""", """\
        if not (_DOMAIN if stripdot else _TEXT).fullmatch(s):
            raise PermError('invalid macro', s)
""")],
    "7.1 R reverses as r does": [
        ("re.compile(r'([0-9]*)(r?)([^0-9a-zA-Z]*)')", "re.compile(r'([0-9]*)(r?)([^0-9a-zA-Z]*)', re.I)")],
    "7.3 the parts are joined with dots, whatever parted them": [("JOINERS.get(letter))", "'.')")],
    "7.3 a name is cut from the left until it fits; a text is not": [(
        """\
        if result.count('.') != 0:
            if len(result) > 253:
                result = result[(result.index('.')+1):]
""", """\
        while stripdot and len(result) > 253 and '.' in result:
            result = result[result.index('.') + 1:]
""")],
    "4.3 a name of one label is no domain": [(
        """\
        for label in domain.split('.'):
""", """\
        if '.' not in domain:
            return None
        for label in domain.split('.'):
""")],
    "4.3 the local part ends at the last @ (RFC 5321 4.1.2)": [("parts = s.split('@', 1)", "parts = s.rsplit('@', 1)")],
    "4.3, 7.2 postmaster stands for a local part that is not there, in %{s} too; a closing dot is no label": [(
        """\
        self.t = str(int(time.time()))
""", """\
        self.o = self.o[:-1] if self.o.endswith('.') else self.o
        self.s = self.l + '@' + self.o
        self.t = str(int(time.time()))
""")],
    "7.2 names have no case (RFC 1035 2.3.3): we tell the sender's domain in lower case": [
        ("        self.d = self.o\n", "        self.d = self.o.lower()\n")],
}

MENDED = Mends(FAULTS, [spf], HELPERS)
