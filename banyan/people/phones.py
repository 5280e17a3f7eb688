"""Phone numbers: one spelling for each (E.164), and what others may see of one. Pure."""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from banyan.kernel.errors import Refused
from banyan.people.refusals import PHONE_INVALID

_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_NOISE = re.compile(r"[\s\-().]+")
_MOST_LETTERS = 32
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_MAINLAND_E164 = 14
_SHOWN_LAST = 4


def phone_e164(text: str, region: str = "CN") -> str:
    """Return the number in E.164, as "+8613812341234". Raises the refusal `phone_invalid`.

    Only numbers that can receive a message on a mobile pass: no premium or service lines.
    """
    if len(text) > _MOST_LETTERS:
        raise Refused(PHONE_INVALID)
    # Full-width digits are typed on Chinese keyboards.
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    if found := _MAINLAND.fullmatch(plain):
        return f"+86{found[1]}"
    try:
        number = phonenumbers.parse(plain, region)
    except NumberParseException:
        raise Refused(PHONE_INVALID) from None
    if not phonenumbers.is_valid_number(number):
        raise Refused(PHONE_INVALID)
    if phonenumbers.number_type(number) not in _MOBILE:
        raise Refused(PHONE_INVALID)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(e164: str) -> str:
    """Return what others may see: "138****1234", "+44****1234"."""
    last = e164[-_SHOWN_LAST:]
    if e164.startswith("+86") and len(e164) == _MAINLAND_E164:
        return f"{e164[3:6]}****{last}"
    return f"{e164[:3]}****{last}"
