"""Numbers that name one legal unit: SIREN, SIRET, French VAT, and the domain of a web site or mail address.

A number whose key is wrong is no identifier: it is dropped, and the reader of the list says so.
"""

from __future__ import annotations

import re

SIREN_DIGITS = 9
SIRET_DIGITS = 14
LA_POSTE = "356000000"
_NOT_DIGITS = re.compile(r"\D")
_SPACES = re.compile(r"[\s.\u00a0\u202f-]")
_VAT = re.compile(r"FR([0-9]{2})([0-9]{9})")
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:/*)?(?:[^/@\s]*@)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)")
# Second-level names under which firms register as under a top-level one (Public Suffix List, read November 2026).
_SECOND_LEVEL = frozenset(
    "asso.fr nom.fr gouv.fr com.fr tm.fr presse.fr co.uk org.uk ac.uk com.au co.jp com.br".split()  # noqa: SIM905 -- words read as words
)
# A site on these hosts, or a mailbox there, says who hosts it and not whose it is.
HOSTS = frozenset(
    """
    gmail.com googlemail.com hotmail.com hotmail.fr outlook.com outlook.fr live.fr yahoo.com yahoo.fr orange.fr
    wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr icloud.com me.com gmx.fr gmx.com aol.com numericable.fr
    facebook.com twitter.com x.com linkedin.com instagram.com youtube.com google.com google.fr wordpress.com
    blogspot.com blogspot.fr over-blog.com tumblr.com wix.com wixsite.com jimdo.com weebly.com strikingly.com
    github.io github.com gitlab.io gitlab.com sourceforge.net medium.com viadeo.com about.me meetup.com
    pagesperso-orange.fr pagespersoorange.fr e-monsite.com monsite-orange.fr canalblog.com skyrock.com example.com
    helloasso.com framasite.org notion.site carrd.co linktr.ee bit.ly goo.gl appspot.com herokuapp.com netlify.app
    """.split()  # noqa: SIM905 -- words read as words
)
_PHONE_DIGITS = 9
_LUHN_NINE = 9


def luhn(digits: str) -> bool:
    """Tell whether the last digit is the key that ISO/IEC 7812-1 asks for.

    >>> luhn("732829320"), luhn("732829321")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - _LUHN_NINE if value > _LUHN_NINE else value
    return total % 10 == 0


def siren_of(text: str) -> str:
    """Return the nine digits of a valid SIREN, else nothing. A number whose leading zeros a workbook ate is none.

    >>> siren_of("732 829 320"), siren_of("732829321"), siren_of("000000000")
    ('732829320', '', '')
    """
    digits = _SPACES.sub("", text).removesuffix(",0")
    valid = len(digits) == SIREN_DIGITS and digits.isascii() and digits.isdigit() and luhn(digits) and int(digits) > 0
    return digits if valid else ""


def siret_of(text: str) -> str:
    """Return the fourteen digits of a valid SIRET, else nothing.

    Establishments of La Poste keep the sum of their digits a multiple of five instead of Luhn's key (INSEE).

    >>> siret_of("732 829 320 00074"), siret_of("35600000049837"), siret_of("35600000049838")
    ('73282932000074', '35600000049837', '')
    """
    digits = _SPACES.sub("", text)
    if len(digits) != SIRET_DIGITS or not (digits.isascii() and digits.isdigit()):
        return ""
    siren = digits[:SIREN_DIGITS]
    post = siren == LA_POSTE and sum(map(int, digits)) % 5 == 0
    return digits if siren_of(siren) and (luhn(digits) or post) else ""


def siren_of_vat(text: str) -> str:
    """Return the SIREN within a French VAT number whose key, (12 + 3 × (SIREN mod 97)) mod 97, is right.

    >>> siren_of_vat("FR 44 732829320"), siren_of_vat("FR45732829320")
    ('732829320', '')
    """
    found = _VAT.fullmatch(_SPACES.sub("", text).upper())
    if not found:
        return ""
    key, siren = found.groups()
    return siren if int(key) == (12 + 3 * (int(siren) % 97)) % 97 and siren_of(siren) else ""


def domain_of(text: str) -> str:
    """Return the registered domain of a web or mail address; nothing for hosts that serve everybody.

    >>> domain_of("http://www.Solutions.spark-angels.com/a?b"), domain_of("jean@gmail.com"), domain_of("n/a")
    ('spark-angels.com', '', '')
    """
    found = _HOST.match(text.replace("\u00ad", "").strip().lower())
    if not found:
        return ""
    labels = found[1].removeprefix("www.").split(".")
    size = 3 if ".".join(labels[-2:]) in _SECOND_LEVEL else 2
    domain = ".".join(labels[-size:])
    if domain in HOSTS or len(labels) < size or labels[-1].isdigit():
        return ""
    return domain


def phone_of(text: str) -> str:
    """Return the last nine digits of a telephone number, which French ones keep whether written +33 or 0.

    >>> phone_of("+33 (0)4 76 00 00 01"), phone_of("04.76.00.00.01"), phone_of("112")
    ('476000001', '476000001', '')
    """
    digits = _NOT_DIGITS.sub("", text)
    return digits[-_PHONE_DIGITS:] if len(digits) >= _PHONE_DIGITS else ""
