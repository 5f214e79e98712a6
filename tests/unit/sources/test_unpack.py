import gzip

import pytest

from beffroi.sources.unpack import BrokenArchiveError, is_gzip, open_lines, unpacked_bytes


def test_lines_are_read_packed_or_not(tmp_path):
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.write_bytes(b"a\r\nb\n")
    packed.write_bytes(gzip.compress(b"a\r\nb\n"))

    with open_lines(plain) as one, open_lines(packed) as other:
        assert list(one) == list(other) == ["a\r\n", "b\n"]

    assert (is_gzip(plain), is_gzip(packed)) == (False, True)
    assert unpacked_bytes(packed, most=5) == 5


def test_an_archive_cut_after_it_was_kept_is_told_when_read(tmp_path):
    path = tmp_path / "packed"
    path.write_bytes(gzip.compress(b"a\n" * 1000)[:-4])

    with pytest.raises(BrokenArchiveError, match="is broken or cut short"), open_lines(path) as lines:
        list(lines)
