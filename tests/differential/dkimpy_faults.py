"""Where dkimpy 1.1.4 leaves RFC 6376 (or the RFC that is named): each fault, dkimpy's own lines, and what the RFC wants."""
import dkim
import dkim.canonicalization
import dkim.crypto
import dkim.util
from mends import Mends

# What the mended lines call.
HELPERS = r'''
def _refuse_unless(true, why):
    if not true:
        raise ValidationError(why)

def _by_grammar(tags):
    for name, value in tags.items():
        if not re.fullmatch(rb"[A-Za-z][A-Za-z0-9_]*", name) or not re.fullmatch(rb"[!-~\x80-\xff \t\r\n]*", value):
            raise InvalidTagSpec(name)
    return tags

def _is_base64(text):
    octets = re.sub(rb"\s", b"", text)
    return re.fullmatch(rb"[A-Za-z0-9+/]+={0,2}", octets) and len(octets.rstrip(b"=")) % 4 != 1

def _words(text):
    return [word.strip() for word in text.split(b":")] if text.strip() else []

def _identity_domain(sig):
    return sig[b"i"].rsplit(b"@", 1)[1].strip().lower() if b"i" in sig else sig[b"d"].lower()

_NAME = rb"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
'''

FAULTS = {
    # the signature's tags
    "3.2 names and values of tags are by the grammar, in a key record too": [
        ("sig = parse_tag_value(sigheaders[idx][1])\n        self.signature_fields",
         "sig = _by_grammar(parse_tag_value(sigheaders[idx][1]))\n        self.signature_fields"),
        ("pub = parse_tag_value(s)", "pub = _by_grammar(parse_tag_value(s))")],
    "3.5 q= is a list": [("sig[b'q'] != b\"dns/txt\"", "b'dns/txt' not in _words(sig[b'q'])")],
    "3.5 i= is an address, quoted-printable": [(
        "    if b'l' in sig and re.match", """\
    _refuse_unless(re.fullmatch(rb'(?s)(?:[^=]|=[0-9A-Fa-f]{2})*@(?:[^=]|=[0-9A-Fa-f]{2})*', sig.get(b'i', b'@')), 'i=')
    if b'l' in sig and re.match""")],
    "3.5 d= and s= are names of labels, d= of two at least": [(
        "    if b'q' in sig and", """\
    _refuse_unless(re.fullmatch(_NAME + rb'(\\.' + _NAME + rb')+', sig[b'd']), 'd=')
    _refuse_unless(re.fullmatch(_NAME + rb'(\\.' + _NAME + rb')*', sig[b's']), 's=')
    if b'q' in sig and""")],
    "3.5 t= in the future may be ignored": [("        if t_sign > now + slop:", "        if False:")],
    "3.5 x= has no leeway": [("        if x_sign < now - slop:", "        if x_sign < now:")],
    "3.5 x= is later than t=": [(
        "        x_sign = int(sig[b'x'])\n", """\
        x_sign = int(sig[b'x'])
        _refuse_unless(b't' not in sig or x_sign > int(sig[b't']), 'x= and t=')
""")],
    "2.10 base64 may lack its padding, or have too much": [
        ("""if len(re.sub(br"\\s+", b"", sig[b'b'])) % 4 != 0:""", "if not _is_base64(sig[b'b']):"),
        ("""if len(re.sub(br"\\s+", b"", sig[b'bh'])) % 4 != 0:""", "if not _is_base64(sig[b'bh']):"),
        ("""bh = base64.b64decode(re.sub(br"\\s+", b"", sig[b'bh']))""",
         """bh = base64.b64decode(re.sub(br"\\s+", b"", sig[b'bh']) + b'==')"""),
        ("""    signature = base64.b64decode(re.sub(br"\\s+", b"", sig[b'b']))\n    if self.ktag""",
         """    signature = base64.b64decode(re.sub(br"\\s+", b"", sig[b'b']) + b'==')\n    if self.ktag"""),
        ("base64.b64decode(pub[b'p'])", "base64.b64decode(pub[b'p'] + b'==')"),
        ("nacl.signing.VerifyKey(pub[b'p'], ", "nacl.signing.VerifyKey(pub[b'p'] + b'==', ")],
    "3.5 what is not base64 is not skipped in bh= and p=": [
        ("  if pub[b'k'] == b'rsa':\n", """\
  if pub.get(b'p') and not _is_base64(pub[b'p']):
      raise KeyFormatError('p=')
  if pub[b'k'] == b'rsa':
"""),
        ("    if b'cv' in sig and", """\
    _refuse_unless(_is_base64(sig[b'bh']), 'bh=')
    if b'cv' in sig and""")],
    "5.4 From must be in h=": [(
        "    self.include_headers = tuple(include_headers)\n    return sig,", """\
    self.include_headers = tuple(include_headers)
    _refuse_unless(b'from' in include_headers, 'h=')
    return sig,""")],
    "RFC 8301 3.1 rsa-sha1 never passes": [
        ("if b'a' in sig and not sig[b'a'] in hashes:",
         "if sig.get(b'a') == b'rsa-sha1' or b'a' in sig and not sig[b'a'] in hashes:")],
    # what is hashed
    "3.4.5, 3.5 l= is no more than the body": [(
        "      if b'l' in sig and not self.tlsrpt:\n", """\
      _refuse_unless(int(sig.get(b'l', 0)) <= len(body), 'l=')
      if b'l' in sig and not self.tlsrpt:
""")],
    "3.5 b= is emptied with all white space around its value, wherever it stands": [
        ("RE_BTAG = re.compile(br'([;\\s]b'+FWS+br'=)(?:'+FWS+br'[a-zA-Z0-9+/=])*(?:\\r?\\n\\Z)?')",
         "RE_BTAG = re.compile(br'((?:^|;)\\s*b\\s*=)[^;]*')")],
    "3.4.1 simple keeps the white space that ends the signature": [
        ("[(x, y.rstrip()) for x,y in cheaders]:\n        hasher.update(x)\n",
         "[(x, y[:-2] if y.endswith(b'\\r\\n') else y) for x,y in cheaders]:\n        hasher.update(x)\n")],
    "3.4.2 white space is SP and HTAB alone": [
        ("unfold_header_value(x[1])).strip() + b\"\\r\\n\")", "unfold_header_value(x[1])).strip(b' \\t') + b\"\\r\\n\")")],
    "3.7 a signature does not sign itself by h=": [(
        """\
    h = HashThrough(hasher(), self.debug_content)

    headers = canon_policy.canonicalize_headers(self.headers)
""", """\
    h = HashThrough(hasher(), self.debug_content)
    others = [each for each in self.headers if tuple(each) != tuple(sig_header)]
    headers = canon_policy.canonicalize_headers(others)
""")],
    "5.4.2 a field that is not signed does not break the signature": [
        ("    if b'from' in include_headers:\n      include_headers.append(b'from')\n", "")],
    "RFC 5322 4.5 white space may stand before a colon": [
        ("m = re.match(br\"([\\x21-\\x7e]+?):\", lines[i])",
         "m = re.match(br\"([\\x21-\\x39\\x3b-\\x7e]+[ \\t]*):\", lines[i])"),
        ("if h == headers[i][0].lower():", "if h == headers[i][0].lower().rstrip():"),
        ("if x.lower() == b\"dkim-signature\"]\n    if len(sigheaders) <= idx:",
         "if x.lower().rstrip() == b\"dkim-signature\"]\n    if len(sigheaders) <= idx:")],
    "RFC 5322 2.2 a line that is no field does not spoil the others": [
        ("raise MessageFormatError(\"Unexpected characters in RFC822 header: %s\" % lines[i])",
         "headers.append([b'\\0', lines[i] + b'\\r\\n'])")],
    "RFC 8017 8.2.2 an RSA signature is as long as its modulus": [(
        """\
        try:
            res = RSASSA_PKCS1_v1_5_verify(h, signature, self.pk)
            self.logger.debug("%s valid: %s" % (sig_header[0], res))
            if res and""", """\
        try:
            res = len(signature) == (self.keysize + 7) // 8 and RSASSA_PKCS1_v1_5_verify(h, signature, self.pk)
            if res and""")],
    # the key record
    "3.6.1 v= stands first": [(
        "  try:\n      if pub[b'v'] != b'DKIM1':\n", """\
  if b'v' in pub and next(iter(pub)) != b'v':
      raise KeyFormatError('v=')
  try:
      if pub[b'v'] != b'DKIM1':
""")],
    "3.6.1 h= limits the hash": [(
        "  seqtlsrpt = False\n  try:\n", """\
  if _words(pub.get(b'h', b'')) and b'sha256' not in _words(pub[b'h']):
      raise KeyFormatError('h=')
  seqtlsrpt = False
  try:
""")],
    "3.6.1 s= is a list": [(
        "      if pub[b's'] != b'*' and pub[b's'] != b'email' and pub[b's'] != b'tlsrpt':\n", """\
      if not _words(pub[b's']) or {b'*', b'email'} & set(_words(pub[b's'])):
          pass
      elif pub[b's'] != b'tlsrpt':
""")],
    "3.6.1 t=s: the domain of i= is d= itself": [
        ("  seqtlsrpt = False\n", "  evaluate_pk.flags = _words(pub.get(b't', b''))\n  seqtlsrpt = False\n"),
        ("    # RFC 8460 MAY ignore", """\
    _refuse_unless(b's' not in evaluate_pk.flags or _identity_domain(sig) == sig[b'd'].lower(), 't=s')
    # RFC 8460 MAY ignore""")],
    "3.6.1 k= is the a= of the signature": [(
        "    # Inferred requirement", """\
    _refuse_unless(sig[b'a'].partition(b'-')[0] == self.ktag, 'k=')
    # Inferred requirement""")],
}

MENDED = Mends(FAULTS, [dkim, dkim.util, dkim.canonicalization, dkim.crypto], HELPERS)
