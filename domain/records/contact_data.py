"""Find e-mail addresses and phone numbers in a text, and mask them."""

import re

# Not behind an @, as in @ana@example.com: that is a handle, which everybody sees on its network.
_EMAIL = re.compile(r"(?<![\w.%+@-])([\w%+-](?:[\w.%+-]{0,62}[\w%+-])?)@((?:[\w-]{1,63}\.)+[^\W\d_]{2,24})\b")
_CUT_EMAIL = re.compile(r"(?<![\w.%+@-])([\w%+-](?:[\w.%+-]{0,62}[\w%+-])?)@([\w.-]{0,100}…)")
# International or with a leading zero or area code, or the three groups of North America. Numbers of orders
# and dates begin otherwise.
_PHONE = re.compile(
    r"(?<![\w+/.-])(?:\+\d|00\d|\(\+?\d|0\d)[\d ()./-]{6,22}\d(?![\w-])"
    r"|(?<![\w+/.-])\d{3}[-. ]\d{3}[-. ]\d{4}(?![\w-])"
)
_MIN_DIGITS, _MAX_DIGITS = 9, 15  # E.164 has 15 at most
_SHOWN_DIGITS = 2


def mask_contacts(text: str) -> str:
    """Mask what somebody could be reached by, also where a text was cut in it: "j…@example.com", "…42"."""
    for pattern in (_EMAIL, _CUT_EMAIL):
        text = pattern.sub(lambda found: f"{found[1][0]}…@{found[2]}", text)
    return _PHONE.sub(lambda found: _masked_phone(found[0]), text)


def find_contacts(text: str) -> list[str]:
    """Return the e-mail addresses and phone numbers in a text, each once, in the order of the kinds."""
    emails = [found[0] for found in _EMAIL.finditer(text)]
    phones = [found[0].strip() for found in _PHONE.finditer(text) if _is_phone(found[0])]
    return list(dict.fromkeys([*emails, *phones]))


def _is_phone(number: str) -> bool:
    return _MIN_DIGITS <= sum(map(str.isdecimal, number)) <= _MAX_DIGITS


def _masked_phone(number: str) -> str:
    if not _is_phone(number):
        return number
    return f"…{''.join(filter(str.isdecimal, number))[-_SHOWN_DIGITS:]}"
