"""Two persons stand behind a validated edition; nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from beffroi.cli.main import main
from beffroi.observatory.edition import read_manifest
from beffroi.observatory.home import Home
from beffroi.observatory.read import open_edition
from beffroi.observatory.signatures import SENT_BACK, SUBMITTED, VALIDATED, read_signatures, unfit, validation_of
from beffroi.observatory.signing import LONGEST_WORDS, SignatureError, sign
from beffroi.vocabulary.errors import StoreError, UnknownEditionError
from beffroi.vocabulary.text import Text

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EDITOR, VALIDATOR = 4, 9


@pytest.fixture
def signed(tmp_path):
    """A shelf with the manifest of one edition, and a function that signs it."""
    home = Home(tmp_path)
    home.edition("2026-1").mkdir(parents=True)
    manifest = dict.fromkeys(("built_on", "version", "index"), "x") | {"first_year": 2012, "last_year": 2024}
    manifest |= {"id": "2026-1", "digest": "ab" * 32, "tables": {}, "definitions": {}, "files": {}}
    (home.edition("2026-1") / "manifest.json").write_text(json.dumps(manifest))

    def act(what, account, fr="Relu.", en=""):
        return sign(home, "2026-1", what, account=account, words=Text(fr, en), at=AT)

    def state():
        held = read_signatures(home, "2026-1")
        return validation_of(held, read_manifest(home, "2026-1").digest).state

    return SimpleNamespace(home=home, act=act, state=state)


def test_an_editor_hands_in_and_another_person_validates(signed):
    assert signed.state() == "not_validated"
    signed.act(SUBMITTED, EDITOR)
    assert signed.state() == SUBMITTED
    one = signed.act(VALIDATED, VALIDATOR, "")

    assert signed.state() == VALIDATED
    assert (one.role, one.on, one.digest, one.words("fr")) == ("validator", "2026-11-22", "ab" * 32, "")
    assert read_signatures(signed.home, "2026-1")[0].words("en") == "Relu."


def test_nobody_validates_an_edition_that_they_handed_in(signed):
    signed.act(SUBMITTED, EDITOR)

    for act in (VALIDATED, SENT_BACK):
        with pytest.raises(SignatureError) as refused:
            signed.act(act, EDITOR)
        assert "autre personne" in refused.value.told("fr")
    assert signed.state() == SUBMITTED


def test_an_editor_who_handed_in_a_first_time_does_not_validate_a_later_time(signed):
    signed.act(SUBMITTED, EDITOR)
    signed.act(SENT_BACK, VALIDATOR, "La FRK manque.")
    signed.act(SUBMITTED, 5)

    with pytest.raises(SignatureError, match="another person"):
        signed.act(VALIDATED, EDITOR)
    assert len(read_signatures(signed.home, "2026-1")) == 3


def test_an_edition_is_sent_back_with_a_reason_even_after_it_was_validated(signed):
    signed.act(SUBMITTED, EDITOR)
    with pytest.raises(SignatureError, match="Say what you found"):
        signed.act(SENT_BACK, VALIDATOR, " ")
    signed.act(VALIDATED, VALIDATOR)
    signed.act(SENT_BACK, VALIDATOR, "Une source s’est trompée.")

    assert signed.state() == SENT_BACK


@pytest.mark.parametrize(("before", "act", "words", "said"), [
    ((), VALIDATED, "x", "waits for no validation"), ((), SENT_BACK, "x", "waits for no validation"),
    ((), SUBMITTED, "", "Say what"), ((), SUBMITTED, "x" * (LONGEST_WORDS + 1), "shorten"),
    ((SUBMITTED,), SUBMITTED, "x", "already"), ((SUBMITTED, VALIDATED), SUBMITTED, "x", "already"),
])  # fmt: skip
def test_a_signature_out_of_turn_is_refused_and_nothing_is_written(signed, before, act, words, said):
    for number, one in enumerate(before):
        signed.act(one, EDITOR + number)

    with pytest.raises(SignatureError, match=said):
        signed.act(act, 30, words)

    assert len(read_signatures(signed.home, "2026-1")) == len(before)


def test_signatures_of_other_figures_or_altered_ones_count_for_nothing(signed):
    signed.act(SUBMITTED, EDITOR)
    signed.act(VALIDATED, VALIDATOR)
    held = read_signatures(signed.home, "2026-1")
    assert unfit(held, "ab" * 32) == ()

    assert "other figures" in unfit(held, "cd" * 32)[0]
    assert "altered" in unfit((replace(held[0], fr="Parfait."), held[1]), "ab" * 32)[0]
    assert "altered" in unfit(held[1:], "ab" * 32)[0]
    assert validation_of(held[1:], "ab" * 32).state == "not_validated"


def test_a_forged_validation_by_the_editor_is_found(signed):
    from beffroi.observatory.signatures import fingerprint  # noqa: PLC0415 -- only whoever forges needs it

    signed.act(SUBMITTED, EDITOR)
    signed.act(VALIDATED, VALIDATOR)
    first, second = read_signatures(signed.home, "2026-1")
    forged = replace(second, account=EDITOR, hash="")
    forged = replace(forged, hash=fingerprint(forged))

    assert "account that handed" in unfit((first, forged), "ab" * 32)[0]


def test_signatures_are_for_editions_held_and_a_damaged_file_is_said(signed):
    with pytest.raises(UnknownEditionError):
        sign(signed.home, "2030-1", SUBMITTED, account=1, words=Text("x", ""), at=AT)
    signed.act(SUBMITTED, EDITOR)
    path = signed.home.signatures("2026-1")
    path.write_text(path.read_text()[:-20])

    with pytest.raises(StoreError, match="damaged"):
        read_signatures(signed.home, "2026-1")


def test_reading_listing_and_verifying_say_who_stands_behind_it(house, monkeypatch, capsys):
    monkeypatch.setenv("BEFFROI_HOME", str(house.path))
    assert open_edition(house.path).validation.state == "not_validated"
    main(["edition", "list"])
    assert "not validated" in capsys.readouterr().out

    sign(house, "2026-1", SUBMITTED, account=EDITOR, words=Text("", "Read."), at=AT)
    sign(house, "2026-1", VALIDATED, account=VALIDATOR, words=Text("Bien.", ""), at=AT)

    assert open_edition(house.path).validation.is_validated
    main(["edition", "show", "--language", "fr"])
    said = capsys.readouterr().out
    assert "validated on 2026-11-22" in said
    assert "account 9: validated. Bien." in said
    path = house.signatures("2026-1")
    path.write_text(path.read_text().replace("Bien.", "Mal."))
    # A file of the edition is taken away too, so that nothing has to be computed again here.
    (house.edition("2026-1") / "definitions/units.yaml").unlink()
    assert main(["edition", "verify"]) == 1
    assert "signature 2 was altered" in capsys.readouterr().out
