"""The voter's own program: a token drawn, hidden, signed, and a slip that the urn takes."""

from __future__ import annotations

import json
import random

import pytest

from beffroi.assembly import blind_signature as bs
from beffroi.assembly.rsa_key import new_key
from beffroi.assembly.secret import token_message
from beffroi.cli.main import main

KEY = new_key(random.Random(5).getrandbits, bits=1024)  # noqa: S311 -- a key for tests
CLASS = '["1","",""]'


@pytest.fixture
def paper(tmp_path):
    def written(kind="decision", classes=(CLASS,), **more):
        public = {"modulus": f"{KEY.public.modulus:x}", "exponent": KEY.public.exponent}
        record = {
            "format": "beffroi-ballot-paper", "vote": {"id": "2026-1", "secrecy": "secret", "kind": kind},
            "candidates": [{"id": "c1"}, {"id": "c2"}], "keys": dict.fromkeys(classes, public), **more,
        }  # fmt: skip
        path = tmp_path / "paper.json"
        path.write_text(json.dumps(record), "utf-8")
        return str(path)

    return written


def run(capsys, *arguments):
    code = main(["vote", "cast", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out.strip(), said.err


def test_a_token_is_drawn_signed_and_put_on_a_slip(paper, tmp_path, capsys):
    kept = tmp_path / "kept.json"
    code, shown, _ = run(capsys, paper(), "--kept", kept)
    assert code == 0
    assert kept.stat().st_mode & 0o777 == 0o600
    assert run(capsys, paper(), "--kept", kept)[1] == shown  # asked again, it draws no second token
    drawn = json.loads(kept.read_text("utf-8"))
    assert drawn["token"] not in shown

    signed = bs.sign(bytes.fromhex(shown), KEY).hex()
    code, said, _ = run(capsys, paper(), "--kept", kept, "--signature", signed, "--choice", "for")

    slip = json.loads(said)
    message = token_message("2026-1", CLASS, slip["token"])
    assert code == 0
    assert (slip["choice"], slip["class"], slip["vote"]) == ("for", CLASS, "2026-1")
    assert bs.is_signed(message, bytes.fromhex(slip["signature"]), KEY.public)
    after = json.loads(kept.read_text("utf-8"))
    assert (after["factor"], after["blinded"], after["token"]) == ("", "", slip["token"])
    again = json.loads(run(capsys, paper(), "--kept", kept, "--choice", "against")[1])
    assert (again["token"], again["choice"]) == (slip["token"], "against")


def test_names_are_chosen_in_an_election(paper, tmp_path, capsys):
    kept = tmp_path / "kept.json"
    shown = run(capsys, paper("election"), "--kept", kept)[1]
    signed = bs.sign(bytes.fromhex(shown), KEY).hex()

    assert run(capsys, paper("election"), "--kept", kept, "--signature", signed, "--choice", "c9")[0] == 2
    said = run(capsys, paper("election"), "--kept", kept, "--choice", "c2, c1")[1]
    assert json.loads(said)["choice"] == ["c2", "c1"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--signature", "00"], "does not exist"),
        (["--class", "x"], "Name the class"),
    ],
)
def test_what_cannot_be_done_is_said(paper, tmp_path, capsys, arguments, message):
    code, _, error = run(capsys, paper(), "--kept", tmp_path / "kept.json", *arguments)
    assert code == 2
    assert message in error


def test_wrong_files_are_named(paper, tmp_path, capsys):
    kept = tmp_path / "kept.json"
    assert "cannot be read" in run(capsys, tmp_path / "gone.json", "--kept", kept)[2]
    assert "no ballot paper" in run(capsys, paper(format="other"), "--kept", kept)[2]
    assert "damaged" in run(capsys, paper(keys={"a": {}}), "--kept", kept)[2]
    assert "Name the class" in run(capsys, paper(classes=("a", "b")), "--kept", kept)[2]
    assert "cannot be kept" in run(capsys, paper(), "--kept", tmp_path / "no" / "kept.json")[2]
    run(capsys, paper(), "--kept", kept)
    assert "does not fit" in run(capsys, paper(), "--kept", kept, "--signature", "00", "--choice", "for")[2]
    assert json.loads(kept.read_text("utf-8"))["factor"] != ""
    shown = json.loads(kept.read_text("utf-8"))["blinded"]
    signed = bs.sign(bytes.fromhex(shown), KEY).hex()
    wrong = run(capsys, paper(), "--kept", kept, "--signature", signed, "--choice", "maybe")
    assert "cannot be chosen" in wrong[2]
    kept.write_text('{"vote": "2026-9"}', "utf-8")
    assert "another vote" in run(capsys, paper(), "--kept", kept)[2]
    kept.write_text("[]", "utf-8")
    assert "no JSON object" in run(capsys, paper(), "--kept", kept)[2]
