"""A zone as mailassay reads it, and as pyspf's DNS look-up sees it."""
import spf


def quoted(octets):
    return '"' + "".join(chr(o) if 32 <= o < 127 and o not in b'"\\' else f"\\{o:03}" for o in octets) + '"'


class Zone:
    """Records by name and type. `failing` answers SERVFAIL, `late` times out: (name, type), or (name, None) for all."""

    def __init__(self):
        self.records = {}
        self.failing = set()
        self.late = set()

    def add(self, name, kind, data):
        records = self.records.setdefault((name.lower(), kind), [])
        if data not in records:  # no record stands twice in a set (RFC 2181 section 5)
            records.append(data)

    def text(self):
        lines = [f"{word} {name} {kind or ''}" for word, names in (("$SERVFAIL", self.failing), ("$TIMEOUT", self.late))
                 for name, kind in sorted(names, key=str)]
        for (name, kind), values in self.records.items():
            for value in values:
                data = " ".join(map(quoted, value)) if kind == "TXT" else value
                lines.append(f"{name} {kind} {data}")
        return "\n".join(lines) + "\n"

    def look_up(self, name, qtype, strict=True, timeout=None):
        """Stands for spf.DNSLookup. Not a generator: an error is raised at once."""
        name = name.lower().rstrip(".")
        if {(name, None), (name, qtype)} & (self.failing | self.late):
            raise spf.TempError("DNS error")
        if alias := self.records.get((name, "CNAME")):
            return [((name, "CNAME"), alias[0])]
        return [((name, qtype), self.converted(qtype, value)) for value in self.records.get((name, qtype), [])]

    @staticmethod
    def converted(qtype, value):
        if qtype == "TXT":
            return list(value)
        if qtype == "MX":
            preference, host = value.split()
            return int(preference), host
        return value.rstrip(".") if qtype == "PTR" else value
