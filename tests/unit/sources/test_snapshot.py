import threading

import pytest

from beffroi.sources.snapshot import Snapshot, find, fingerprint, forget, keep, place, verify
from beffroi.vocabulary.errors import StoreError


@pytest.fixture
def kept(tmp_path):
    def put(address, body):
        partial = tmp_path / f"{abs(hash(address))}.part"
        partial.write_bytes(body)
        snapshot = Snapshot(address, fingerprint(partial), len(body), '"v1"', "", "2026-11-22")
        keep(tmp_path, partial, snapshot)
        return snapshot

    return put


def test_what_is_kept_is_found_and_sound(kept, tmp_path):
    snapshot = kept("https://x/a", b"figures")

    assert find(tmp_path, "https://x/a") == snapshot
    assert verify(tmp_path, snapshot.sha256).read_bytes() == b"figures"


def test_what_was_never_kept_is_not_found(tmp_path):
    assert find(tmp_path, "https://x/a") is None


def test_changed_bytes_are_told_with_file_and_remedy(kept, tmp_path):
    snapshot = kept("https://x/a", b"figures")
    path = place(tmp_path, snapshot.sha256)
    path.write_bytes(b"figurez")

    with pytest.raises(StoreError, match=r"is damaged.*Delete the file and refresh") as refusal:
        verify(tmp_path, snapshot.sha256)

    assert str(path) in str(refusal.value)


def test_a_missing_snapshot_is_told_with_its_remedy(tmp_path):
    with pytest.raises(StoreError, match=r"is missing\. Refresh the source"):
        verify(tmp_path, "ab" * 32)


def test_a_snapshot_that_cannot_be_read_is_told(tmp_path):
    place(tmp_path, "ab" * 32).mkdir(parents=True)

    with pytest.raises(StoreError, match="could not be read or written"):
        verify(tmp_path, "ab" * 32)


def test_what_is_forgotten_is_gone(kept, tmp_path):
    snapshot = kept("https://x/a", b"figures")

    forget(tmp_path, "https://x/a")
    forget(tmp_path, "https://x/a")

    assert find(tmp_path, "https://x/a") is None
    assert not place(tmp_path, snapshot.sha256).exists()


def test_snapshots_kept_at_once_are_all_remembered(kept, tmp_path):
    addresses = [f"https://x/{number}" for number in range(16)]
    threads = [threading.Thread(target=kept, args=(one, one.encode())) for one in addresses]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [find(tmp_path, one).address for one in addresses] == addresses


@pytest.mark.parametrize("text", ["[]", '{"https://x/a": {"surprise": 1}}', '{"https://x/a": 3}'])
def test_an_index_of_another_shape_is_told(tmp_path, text):
    (tmp_path / "index.json").write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match="Delete it"):
        find(tmp_path, "https://x/a")


def test_an_index_that_cannot_be_read_or_written_is_told(kept, tmp_path):
    (tmp_path / "index.json").mkdir()

    with pytest.raises(StoreError, match="could not be read or written"):
        kept("https://x/a", b"figures")


def test_an_index_that_cannot_be_written_leaves_no_half_file(kept, tmp_path):
    (tmp_path / ".index.json.new").symlink_to("/dev/full")

    with pytest.raises(StoreError, match="The disk is full"):
        kept("https://x/a", b"figures")

    assert not (tmp_path / ".index.json.new").is_symlink()
