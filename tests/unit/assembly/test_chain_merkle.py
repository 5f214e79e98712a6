"""Chain and tree: what a change anywhere does to them."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.assembly import chain, merkle
from beffroi.assembly.exact import canonical, digest, fraction
from beffroi.assembly.faults import InexactNumberError

# Leaves and roots of the reference tests of Certificate Transparency (same tree in RFC 6962 and RFC 9162).
CT_LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
CT_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
BODIES = st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5), max_size=3), max_size=6)


@pytest.mark.parametrize("size", CT_ROOTS)
def test_roots_agree_with_certificate_transparency(size):
    assert merkle.root(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_every_leaf_is_proved_and_nothing_else(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    top, count = merkle.root(leaves), len(leaves)
    proof = merkle.inclusion_proof(leaves, index)

    def check(leaf=leaves[index], proof=proof, index=index, size=count, root_hash=top):
        return merkle.is_included(leaf, proof, index=index, size=size, root_hash=root_hash)

    assert check()
    assert not check(leaf=leaves[index] + b"x")
    assert not check(proof=(*proof, b"\0" * 32))
    assert not check(root_hash=b"\0" * 32)
    assert not check(index=-1)
    assert not check(index=len(leaves))
    if proof:
        assert not check(proof=proof[1:])
        assert not check(proof=(b"\0" * 32, *proof[1:]))


def test_a_leaf_that_is_not_there_has_no_proof():
    with pytest.raises(IndexError, match="no leaf 2 among 2"):
        merkle.inclusion_proof([b"a", b"b"], 2)


@given(BODIES)
def test_a_chain_written_by_append_holds(bodies):
    log = chain.chained(bodies)

    assert chain.first_break(log) is None
    assert chain.first_break(log, head=str(log[-1]["hash"]) if log else chain.START) is None


@given(BODIES.filter(len), st.data())
def test_the_first_changed_entry_is_named(bodies, data):
    log = copy.deepcopy(list(chain.chained(bodies)))
    place = data.draw(st.integers(0, len(log) - 1))
    act = data.draw(st.sampled_from(["body", "hash", "previous", "number", "field", "drop", "double", "float", "form"]))
    if act == "drop":
        head = str(log[-1]["hash"])
        del log[place]
        found = chain.first_break(log, head=head)
        assert found is not None
        assert found.place == (place + 1 if place < len(log) else len(log))
        return
    if act == "double":
        log.insert(place, log[place])
        assert chain.first_break(log).place == place + 2
        return
    changed = dict(log[place])
    if act == "body":
        changed["body"] = {**changed["body"], "added": 1}
    elif act == "float":
        changed["body"] = {"x": 1.5}
    elif act == "field":
        changed["more"] = 1
    elif act == "number":
        changed["number"] += 1
    elif act == "form":
        changed = "no entry"
    else:
        changed[act] = "f" * 64
    log[place] = changed

    assert chain.first_break(log).place == place + 1


def test_fractions_are_exact_and_floats_are_refused():
    assert fraction("0.1") + fraction("0.2") == Fraction(3, 10)
    assert fraction(Fraction(1, 3)) == Fraction(1, 3)
    for wrong in (0.1, True, "1/0", "1e3", "", "one"):
        with pytest.raises(InexactNumberError, match="no exact number"):
            fraction(wrong)


@pytest.mark.parametrize("record", [1.5, {1: "a"}, {"a": float("nan")}, "\ud800", b"x", {"a": {1, 2}}])
def test_what_has_no_one_form_has_no_fingerprint(record):
    with pytest.raises(InexactNumberError):
        canonical(record)


def test_key_order_does_not_change_a_fingerprint():
    assert digest({"a": 1, "b": (1, 2)}) == digest({"b": [1, 2], "a": 1})
