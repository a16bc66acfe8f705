"""Resume codes: a code that opens a saved form, and a token sealed with it.

The table holds the code's hash and the sealed token, so neither the table nor a backup of it opens
a form. The code has 100 random bits, so plain HMAC needs no slow key derivation.
"""

import hashlib
import hmac
import secrets

# Crockford's base 32: I, L, O and U are never used, and are read as what they look like.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 20
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_TAG_BYTES = 32


def new_code() -> str:
    """A code as it is shown: `7HK2M-PQ9RT-0VWXY-3B4CD`."""
    return spelt(secrets.randbits(5 * CODE_LENGTH))


def spelt(number: int) -> str:
    """The code that a number's lowest 100 bits make, as it is shown."""
    symbols = "".join(CODE_ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))
    return "-".join(symbols[start : start + 5] for start in range(0, CODE_LENGTH, 5))


def read_code(typed: str) -> str | None:
    """The code in what a person typed: any case, blanks, dashes, look-alikes. Or None."""
    # Longer than any way of writing a code; keeps a pasted document from being worked on.
    if len(typed) > 200:
        return None
    symbols = "".join(character for character in typed.upper() if character.isalnum())
    symbols = symbols.translate(_LOOK_ALIKES)
    if len(symbols) != CODE_LENGTH or any(symbol not in CODE_ALPHABET for symbol in symbols):
        return None
    return symbols


def code_hash(code: str) -> str:
    """The key under which a read code is found."""
    return _mac(code, b"find").hex()


def seal(code: str, token: str) -> bytes:
    """The token, readable only with the code it was sealed with."""
    plain = token.encode("utf-8")
    sealed = _xor(plain, _stream(code, len(plain)))
    return _mac(code, b"seal" + sealed) + sealed


def unseal(code: str, sealed: bytes) -> str | None:
    """The token, or None when the seal is not this code's."""
    tag, body = sealed[:_TAG_BYTES], sealed[_TAG_BYTES:]
    if not hmac.compare_digest(tag, _mac(code, b"seal" + body)):
        return None
    return _xor(body, _stream(code, len(body))).decode("utf-8")


def _mac(code: str, message: bytes) -> bytes:
    return hmac.digest(code.encode("ascii"), message, hashlib.sha256)


def _stream(code: str, length: int) -> bytes:
    blocks = (length + _TAG_BYTES - 1) // _TAG_BYTES
    keys = (_mac(code, b"key" + number.to_bytes(4, "big")) for number in range(blocks))
    return b"".join(keys)[:length]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
