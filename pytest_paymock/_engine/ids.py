"""Everything that looks random and is not: draws and ids as pure functions of the seed.

Each is a keyed BLAKE2b hash of a label and a counter, so the n-th value needs none of the others:
two threads, a skipped test or another order of tests cannot shift it. The values are a
compatibility promise; ``tests/golden`` pins them.
"""

from functools import lru_cache
from hashlib import blake2b

_MASK = 0xFFFFFFFF


@lru_cache(maxsize=32)
def key_of(seed: int) -> bytes:
    """Return the hash key that belongs to a seed.

    Of all sequences that a change of ``person`` would give, this one was chosen because it makes a
    friendly default: under seed 0 eight payments succeed, the ninth is declined, the tenth held.
    """
    return blake2b(str(seed).encode(), digest_size=32, person=b"paymock 12").digest()


def draw(key: bytes, stream: str, number: int) -> float:
    """Return the ``number``-th draw of a stream, at least 0 and less than 1.

    The 53 leading bits of the hash fill a float exactly: no rounding, the same on every machine.
    """
    name = f"draw:{stream}:{number}".encode("utf-8", "surrogatepass")
    hashed = _keyed(key, 8).copy()
    hashed.update(name)
    return (int.from_bytes(hashed.digest(), "big") >> 11) / 9007199254740992.0


def hex_digits(key: bytes, kind: str, number: int, digits: int) -> str:
    """Return the hex digits of the ``number``-th id of a kind; 32 do not collide in practice."""
    hashed = _keyed(key, digits // 2).copy()
    hashed.update(f"{kind}:{number}".encode())
    return hashed.hexdigest()


@lru_cache(maxsize=64)
def _keyed(key: bytes, size: int) -> blake2b:
    """Return a hash that has taken in its key, to be copied: a block less for each value."""
    return blake2b(digest_size=size, key=key)


class UniqueHex:
    """Eight hex digits for each number, no two alike below 2**32 of them.

    A hash of 32 bits would collide after some 77,000 ids. This is the ``lowbias32`` mixer instead,
    each step of which can be undone, so different numbers stay different whatever the seed.
    """

    def __init__(self, key: bytes, kind: str) -> None:
        salt = blake2b(f"{kind}:salt".encode(), key=key, digest_size=8).digest()
        self._before = int.from_bytes(salt[:4], "big")
        self._after = int.from_bytes(salt[4:], "big")

    def __call__(self, number: int) -> str:
        """Return the hex digits that belong to a number."""
        x = (number + self._before) & _MASK
        x = ((x ^ (x >> 16)) * 0x7FEB352D) & _MASK
        x = ((x ^ (x >> 15)) * 0x846CA68B) & _MASK
        # Half the price of an f-string.
        return "%08x" % (x ^ (x >> 16) ^ self._after)


unique_hex = lru_cache(maxsize=32)(UniqueHex)
"""From the key of a seed and a kind; nearly all fakes of a run have the same three."""


class LongUniqueHex:
    """Sixteen hex digits for each number: eight that no other number has, and eight of a hash.

    Args:
        key: that of the seed.
        kind: names the family of ids.
        odd: two of these, one odd and one even, share a family without an id in common.
    """

    def __init__(self, key: bytes, kind: str, *, odd: bool) -> None:
        self._key = key
        self._kind = kind
        self._unique = unique_hex(key, kind)
        self._offset = 1 if odd else 0

    def __call__(self, number: int) -> str:
        """Return the hex digits that belong to a number."""
        place = 2 * number + self._offset
        return self._unique(place) + hex_digits(self._key, self._kind, place, 8)
