"""Keys made from the seed, so that a run can be repeated to the octet; RSA with big integers, as RFC 8017 writes it."""
import base64
import functools
import hashlib
import random

import nacl.signing

SMALL_PRIMES = [p for p in range(3, 1000, 2) if all(p % q for q in range(3, int(p**0.5) + 1, 2))]
DIGEST_INFO = {"sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
               "sha256": bytes.fromhex("3031300d060960864801650304020105000420")}


def is_prime(number, rng):
    if any(number % p == 0 for p in SMALL_PRIMES):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(12):
        x = pow(rng.randrange(2, number - 1), odd, number)
        if x not in (1, number - 1) and not any((x := x * x % number) == number - 1 for _ in range(twos - 1)):
            return False
    return True


def prime(bits, rng):
    while True:
        number = rng.getrandbits(bits) | 3 << (bits - 2) | 1
        if number % 65537 != 1 and is_prime(number, rng):
            return number


def der(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else (lambda octets: bytes([128 + len(octets)]) + octets)(
        size.to_bytes((size.bit_length() + 7) // 8, "big"))
    return bytes([tag]) + length + content


def der_integer(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


class RsaKey:
    kind = "rsa"

    def __init__(self, bits, rng):
        self.bits = bits
        self.p, self.q = prime(bits // 2, rng), prime(bits // 2, rng)
        self.n = self.p * self.q
        self.d = pow(65537, -1, (self.p - 1) * (self.q - 1))
        self.size = bits // 8
        self.bare = der(0x30, der_integer(self.n) + der_integer(65537))
        algorithm = der(0x30, der(6, bytes.fromhex("2a864886f70d010101")) + der(5, b""))
        self.public = der(0x30, algorithm + der(3, b"\0" + self.bare))

    def sign(self, octets, digest):
        info = DIGEST_INFO[digest] + hashlib.new(digest, octets).digest()
        padded = int.from_bytes(b"\0\1" + b"\xff" * (self.size - len(info) - 3) + b"\0" + info, "big")
        by_p, by_q = pow(padded, self.d % (self.p - 1), self.p), pow(padded, self.d % (self.q - 1), self.q)
        signed = by_q + (by_p - by_q) * pow(self.q, -1, self.p) % self.p * self.q
        return signed.to_bytes(self.size, "big")


class Ed25519Key:
    kind = "ed25519"
    bits = 256

    def __init__(self, rng):
        self.key = nacl.signing.SigningKey(rng.randbytes(32))
        self.public = self.bare = bytes(self.key.verify_key)

    def sign(self, octets, digest):
        return self.key.sign(hashlib.new(digest, octets).digest()).signature


@functools.lru_cache(maxsize=None)
def keys(seed):
    """Of each sort, one; "other" is a key that signed nothing."""
    rng = random.Random(f"{seed}/keys")
    return {"rsa1024": RsaKey(1024, rng), "rsa2048": RsaKey(2048, rng), "rsa768": RsaKey(768, rng),
            "ed25519": Ed25519Key(rng), "other": RsaKey(1024, rng), "other25519": Ed25519Key(rng)}


def base64_of(octets):
    return base64.b64encode(octets).decode()
