"""A difference is a known fault of the peer only if the peer, with that fault mended and nothing else, agrees with us; and
with all of them mended it agrees in every case.

A table names each fault: the section of the RFC, what it wants, and the peer's own lines with the same lines mended.
"""
import functools
import inspect
import types
import warnings


class Mends:
    def __init__(self, table, modules, helpers):
        """The peer's source is that of its modules, the main one first; `helpers` is code that mends call."""
        self.table, self.modules, self.helpers = table, modules, helpers
        self.version = getattr(modules[0], "__version__", "")
        self.mended = functools.lru_cache(maxsize=None)(self.make)

    def make(self, names):
        """The peer as one module, with the faults of these names (a frozenset) mended."""
        if not names:
            return self.modules[0]
        source = "\n".join(inspect.getsource(module) for module in self.modules)
        for name in sorted(names):
            for old, new in self.table[name]:
                assert source.count(old) == 1, f"{name}: these lines stand {source.count(old)} times:\n{old}"
                source = source.replace(old, new)
        module = types.ModuleType("mended")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(source + self.helpers, "mended", "exec"), module.__dict__)
        return module


def fewest(names, agrees):
    """The fewest faults with which agrees(frozenset) holds; None if it does not hold with all of them mended, which must
    always be, so that no mend spoils what it does not speak of."""
    kept = frozenset(names)
    if not agrees(kept):
        return None
    if agrees(frozenset()):
        return ()
    for name in names:
        if agrees(frozenset([name])):
            return (name,)
    for name in names:
        if agrees(kept - {name}):
            kept -= {name}
    return tuple(sorted(kept))
