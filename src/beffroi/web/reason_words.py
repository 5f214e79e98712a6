"""Why two rows were held for one organisation, or not, in the reader's language: sentence, picture and table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.federation.reasons import read_reason, shown_bits
from beffroi.web import words
from beffroi.web.figures import Picture
from beffroi.web.markup import Head, row, table
from beffroi.web.svg import evidence_bars

if TYPE_CHECKING:
    from beffroi.federation.reasons import Piece

LEAST_BITS = 0.05


def say(piece: Piece) -> str:
    """One piece of evidence in words; what a person wrote stays as it is.

    Raises:
        KeyError: linkage has a form that is not in this list, which a test refuses.
    """
    if not piece.kind:
        return piece.text
    if piece.kind == "name_words":
        return _name(*piece.facts)
    if piece.kind == "register_says":
        return _("The register reports a change.")
    return _forms()[piece.kind] % dict(zip("ab", piece.facts, strict=False))


def sentence(text: str, lang: str) -> str:
    """The sentence of a judgement in the reader's language, with the bits of each piece."""
    parts = []
    for piece in read_reason(text):
        bits = words.signed(piece.bits, 1, lang) if piece.bits is not None else ""
        parts.append(_("%(seen)s (%(bits)s bits)") % {"seen": say(piece), "bits": bits} if bits else say(piece))
    return (f"{words.JOINED}; " if lang == "fr" else "; ").join(parts)


def picture(text: str, total: float | None, lang: str, *, key: str) -> tuple[Picture, str] | None:
    """The evidence of a judgement as bars, and the same as a table; None where no evidence was weighed."""
    pieces = [one for one in read_reason(text) if one.bits is not None]
    if not pieces or total is None:
        return None
    weights = [(say(one), one.bits or 0.0, False) for one in pieces]
    rest = total - shown_bits(tuple(pieces))
    if abs(rest) >= LEAST_BITS:
        weights.append((_("everything else, and how rare a true pair is"), rest, False))
    weights.append((_("together"), total, True))
    bars = [evidence_bars.Weight(label, bits, words.signed(bits, 1, lang), is_total)
            for label, bits, is_total in weights]  # fmt: skip
    heads = [Head(_("What was seen")), Head(_("Bits"), is_number=True)]
    rows = (row([one.label, one.value], heads, class_="total" if one.is_total else "") for one in bars)
    title = _("Evidence for one organisation, in bits")
    description = ". ".join(f"{one.label}: {one.value}" for one in bars)
    credit = _("Each bit doubles the odds that the two rows are one organisation; a bit below zero halves them.")
    drawn = Picture(key, title, description, credit, lambda layout, _a: evidence_bars.draw(bars, layout=layout))
    number = key.removeprefix("bits")  # several on a page are told apart
    caption = f"{title} ({int(number) + 1})" if number.isdecimal() else title
    return drawn, table(caption, heads, rows, key=f"t-{key}")


def _forms() -> dict[str, str]:
    return {
        "same_name": _("same name “%(a)s”"),
        "same_commune": _("same commune “%(a)s”"),
        "other_commune": _("communes “%(a)s” and “%(b)s”"),
        "other_department": _("départements %(a)s and %(b)s"),
        "same_postcode": _("same post code %(a)s"),
        "same_street": _("same street “%(a)s”"),
        "points_one_commune": _("coordinates %(a)s apart, as in one commune"),
        "points_two_communes": _("coordinates %(a)s apart, as in two communes"),
        "points_two_departments": _("coordinates %(a)s apart, as in two départements"),
        "points_one_address": _("coordinates %(a)s apart, as at one address"),
        "same_domain": _("same web domain %(a)s"),
        "same_brand_domain": _("web domains of one brand, %(a)s and %(b)s"),
        "domain_is_name": _("the web domain %(a)s is the name"),
        "other_domain": _("web domains %(a)s and %(b)s"),
        "same_phone": _("same telephone %(a)s"),
        "homonyms_elsewhere": _("the name stands in several communes"),
        "closed": _("closed according to the register"),
        "list_profile": _("the kind of unit that this list holds"),
        "same_siren": _("same SIREN %(a)s"),
        "no_name": _("one of them has no name"),
        "two_units": _("two legal units, SIREN %(a)s and %(b)s"),
        "other_siren": _("SIREN %(a)s is not that of the unit"),
        "part_of": _("“%(a)s” names a part or a sister of it"),
        "one_site_own_words": _("one web site, each with words of its own"),
        "one_site_two_names": _("one web site, two names"),
        "another_fits": _("another row fits better"),
        "homonym": _("the name may be another’s (chance %(a)s)"),
        "alone": _("no other candidate"),
        "next_candidate": _("the next candidate has a chance of %(a)s, none of them %(b)s"),
        "states_unit": _("the row states legal unit %(a)s"),
        "states_other_unit": _("the list now states legal unit %(a)s, where it stated %(b)s"),
        "person": _("a person decided"),
    }


def _name(shared: str, written: str, alone: str) -> str:
    parts = [_("the names share “%(a)s”") % {"a": shared} if shared else _("the names share no word")]
    parts += [_("written %(a)s") % {"a": written}] if written else []
    parts += [_("without “%(a)s”") % {"a": alone}] if alone else []
    return ", ".join(parts)
