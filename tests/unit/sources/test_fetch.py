import errno
import gzip
import hashlib
import json
import socket

import pytest

from beffroi.sources.fetch import fetch
from beffroi.sources.manners import Manners, PassingFaultError
from beffroi.sources.partial import partial_of
from beffroi.sources.snapshot import place, storage_error
from beffroi.vocabulary.errors import SourceError, StoreError, UsageError

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

BODY = b"geo,2024\nFRE1,4.2\n" * 500
ETAG = {"ETag": '"v1"'}
DAY = "2026-11-22"


@pytest.fixture
def get(publisher, tmp_path, manners):
    def ask(path="/data", **more):
        return fetch(publisher.base + path, into=tmp_path, **{"manners": manners, "today": DAY} | more)

    return ask


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_the_bytes_are_kept_under_their_own_fingerprint(publisher, get, tmp_path):
    publisher.will(BODY, headers=ETAG | {"Last-Modified": "Mon, 05 Jan 2026 10:00:00 GMT"})

    fetched = get()

    sha256 = hashlib.sha256(BODY).hexdigest()
    assert fetched.path == tmp_path / "sha256" / sha256[:2] / sha256
    assert fetched.path.read_bytes() == BODY
    assert (fetched.sha256, fetched.bytes, fetched.etag) == (sha256, len(BODY), '"v1"')
    assert fetched.last_modified == "Mon, 05 Jan 2026 10:00:00 GMT"
    assert (fetched.retrieved_on, fetched.not_modified, fetched.remarks) == (DAY, False, ())
    assert files(tmp_path) == ["index.json", f"sha256/{sha256[:2]}/{sha256}"]


def test_a_request_says_who_asks_and_wants_the_file_itself(publisher, get):
    publisher.will(BODY)

    get()

    asked = publisher.asked[0][1]
    assert asked["user-agent"].startswith("Beffroi/")
    assert asked["accept-encoding"] == "identity"


def test_progress_is_told_up_to_the_last_byte(publisher, get):
    publisher.will(BODY)
    told = []

    get(progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (len(BODY), len(BODY))


def test_a_total_that_the_publisher_does_not_say_is_none(publisher, get):
    publisher.will(BODY, sized=False)
    told = []

    get(progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (len(BODY), None)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_fault_that_may_pass_is_asked_again(publisher, get, waits, status):
    publisher.will(b"busy", status).will(BODY)

    assert get().path.read_bytes() == BODY
    assert waits == [1.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_publisher_who_says_how_long_is_waited_for(publisher, get, waits, status):
    publisher.will(status=status, headers={"Retry-After": "17"}).will(BODY)

    get()

    assert waits == [17.0]


def test_a_publisher_who_asks_for_too_long_is_not_waited_for(publisher, get, waits):
    publisher.will(status=503, headers={"Retry-After": "86400"})

    with pytest.raises(SourceError, match=r"once; at last: status 503 .*asks to wait 86400 s.*try again later"):
        get()

    assert waits == []


def test_endless_faults_end_after_the_last_attempt(publisher, get, waits, tmp_path):
    publisher.will(status=500)

    with pytest.raises(SourceError, match=r"Asked http://127.0.0.1:\d+/data 3 times; at last: status 500"):
        get()

    assert (len(publisher.asked), waits) == (3, [1.0, 2.0])
    assert files(tmp_path) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_a_refusal_is_asked_once_and_quoted(publisher, get, status):
    publisher.will(b"<fault><text>no such dataset</text></fault>", status)

    with pytest.raises(SourceError, match=rf"the answer was {status} .*no such dataset.*Check dataset"):
        get()

    assert len(publisher.asked) == 1


def test_an_answer_that_does_not_come_in_time_is_a_passing_fault(publisher, get, waits):
    publisher.will(BODY, after_seconds=0.4)
    hasty = Manners(attempts=2, read_seconds=0.1, sleep=waits.append)

    with pytest.raises(SourceError, match="no answer in time"):
        get(manners=hasty)


def test_a_closed_door_is_a_passing_fault(tmp_path, manners):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(SourceError, match="3 times; at last: the connection failed"):
        fetch(f"http://127.0.0.1:{port}/data", into=tmp_path, manners=manners)


def test_one_fetch_has_an_end_even_when_bytes_keep_dripping(publisher, get, waits):
    publisher.will(BODY)
    ticks = iter(range(0, 10_000, 50))
    timed = Manners(most_seconds=10, clock=lambda: float(next(ticks)), sleep=waits.append)

    with pytest.raises(SourceError, match=r"after 10 s only 9,000 bytes had come"):
        get(manners=timed)


def test_a_cut_download_is_continued_where_it_stopped(publisher, get):
    rest = {"Content-Range": f"bytes 4000-{len(BODY) - 1}/{len(BODY)}"}
    publisher.will(BODY, headers=ETAG, cut=4000).will(BODY[4000:], 206, headers=ETAG | rest)

    assert get().path.read_bytes() == BODY
    asked = publisher.asked[1][1]
    assert (asked["range"], asked["if-range"]) == ("bytes=4000-", '"v1"')


def test_a_cut_download_is_continued_by_a_later_fetch(publisher, get):
    rest = {"Content-Range": f"bytes 4000-{len(BODY) - 1}/{len(BODY)}"}
    publisher.will(BODY, headers=ETAG, cut=4000)
    with pytest.raises(SourceError):
        get(manners=Manners(attempts=1))
    publisher.answers[:] = []
    publisher.will(BODY[4000:], 206, headers=ETAG | rest)

    assert get().path.read_bytes() == BODY


def test_a_publisher_without_ranges_is_read_from_the_start(publisher, get):
    publisher.will(BODY, headers=ETAG, cut=4000).will(BODY, headers=ETAG)

    assert get().path.read_bytes() == BODY


@pytest.mark.parametrize("validator", [{}, {"ETag": 'W/"v1"'}])
def test_without_a_strong_validator_nothing_is_continued(publisher, get, validator):
    publisher.will(BODY, headers=validator, cut=4000).will(BODY)

    assert get().path.read_bytes() == BODY
    assert "range" not in publisher.asked[1][1]


@pytest.mark.parametrize("given", ["bytes 100-199/9000", "bytes */9000", "lines 1-2/3", None])
def test_a_wrong_range_starts_over(publisher, get, given):
    wrong = {} if given is None else {"Content-Range": given}
    publisher.will(BODY, headers=ETAG, cut=4000).will(b"x" * 100, 206, headers=wrong).will(BODY)

    assert get().path.read_bytes() == BODY
    assert "range" not in publisher.asked[2][1]


def test_a_range_past_the_end_starts_over(publisher, get):
    publisher.will(BODY, headers=ETAG, cut=4000).will(status=416).will(BODY)

    assert get().path.read_bytes() == BODY


def test_a_download_that_is_always_cut_keeps_nothing(publisher, get, tmp_path):
    publisher.will(BODY, cut=4000)

    with pytest.raises(SourceError, match="at last: "):
        get()

    assert not (tmp_path / "sha256").exists()


def test_a_continued_download_that_still_lacks_bytes_is_noticed(publisher, get):
    short = {"Content-Range": f"bytes 4000-4999/{len(BODY)}"}
    rest = {"Content-Range": f"bytes 5000-{len(BODY) - 1}/{len(BODY)}"}
    publisher.will(BODY, headers=ETAG, cut=4000)
    publisher.will(BODY[4000:5000], 206, headers=ETAG | short).will(BODY[5000:], 206, headers=ETAG | rest)

    assert get().path.read_bytes() == BODY


def test_a_broken_archive_is_asked_again(publisher, get):
    packed = gzip.compress(BODY)
    publisher.will(packed[:-9], sized=False, headers=ETAG).will(packed)

    assert get().path.read_bytes() == packed
    assert "range" not in publisher.asked[1][1]


def test_an_archive_that_stays_broken_is_not_kept(publisher, get, tmp_path):
    publisher.will(gzip.compress(BODY)[:20] + b"\xff" * 40)

    with pytest.raises(SourceError, match="at last: the compressed file is broken"):
        get()

    assert files(tmp_path) == []


def test_an_archive_that_unpacks_too_large_is_refused(publisher, get, waits):
    publisher.will(gzip.compress(b"0" * 1_000_000))

    with pytest.raises(SourceError, match="unpacks to more than 500,000 bytes"):
        get(manners=Manners(most_unpacked_bytes=500_000, sleep=waits.append))

    assert len(publisher.asked) == 1


@pytest.mark.parametrize("sized", [True, False])
def test_too_large_a_file_is_refused_announced_or_not(publisher, get, tmp_path, sized):
    publisher.will(BODY, sized=sized)

    with pytest.raises(SourceError, match=r"the limit is 1,000\. Narrow the filters"):
        get(manners=Manners(most_bytes=1000))

    assert files(tmp_path) == []


def test_what_is_current_is_not_sent_again(publisher, get):
    publisher.will(BODY, headers=ETAG | {"Last-Modified": "Mon, 05 Jan 2026 10:00:00 GMT"}).will(status=304)
    first = get()

    second = get(today="2026-12-01")

    asked = publisher.asked[1][1]
    assert asked["if-none-match"] == '"v1"'
    assert asked["if-modified-since"] == "Mon, 05 Jan 2026 10:00:00 GMT"
    assert second.not_modified
    assert (second.path, second.retrieved_on) == (first.path, DAY)


def test_a_new_publication_lies_beside_the_old_one(publisher, get):
    publisher.will(BODY, headers=ETAG).will(BODY + b"FRF2,1.0\n", headers={"ETag": '"v2"'})
    first = get()

    second = get()

    assert (first.path.read_bytes(), second.path.read_bytes()) == (BODY, BODY + b"FRF2,1.0\n")
    assert second.etag == '"v2"'


def test_not_modified_without_anything_kept_is_refused(publisher, get):
    publisher.will(status=304)

    with pytest.raises(SourceError, match="the answer was 304"):
        get()


@pytest.mark.parametrize("harm", ["change", "remove"])
def test_a_damaged_snapshot_is_reported_and_fetched_again(publisher, get, harm):
    publisher.will(BODY, headers=ETAG)
    path = get().path
    path.write_bytes(b"damaged") if harm == "change" else path.unlink()

    fetched = get()

    assert "if-none-match" not in publisher.asked[1][1]
    assert fetched.path.read_bytes() == BODY
    assert not fetched.not_modified
    assert [str(path) in remark and "It was fetched again." in remark for remark in fetched.remarks] == [True]


def test_a_damaged_index_names_itself_and_the_remedy(get, tmp_path):
    (tmp_path / "index.json").write_text("{", encoding="utf-8")

    with pytest.raises(StoreError, match=r"index.json cannot be read as the list .*Delete it"):
        get()


def test_a_damaged_note_of_a_download_starts_over(publisher, get, tmp_path):
    partial = partial_of(tmp_path, publisher.base + "/data")
    partial.start('"v1"')
    partial.add(b"old")
    partial.note.write_text("[]", encoding="utf-8")
    publisher.will(BODY)

    assert get().path.read_bytes() == BODY


def test_a_redirect_on_the_same_host_is_followed(publisher, get):
    publisher.will(status=302, headers={"Location": "/moved"}).will(BODY)

    assert get().path.read_bytes() == BODY
    assert publisher.asked[1][0] == "/moved"


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://127.0.0.2:9/data", "another host, 127.0.0.2"),
        ("http://127.0.0.1:9/data", "another host, 127.0.0.1"),
        ("http://example.org/data", "is not https"),
        ("https://example.org/data", "another host, example.org"),
        ("file:///etc/passwd", "do not follow"),
        ("http://[/", "do not follow"),
    ],
)
def test_a_redirect_elsewhere_is_refused(publisher, get, location, words):
    publisher.will(status=301, headers={"Location": location})

    with pytest.raises(SourceError, match=words):
        get()

    assert len(publisher.asked) == 1


def test_redirects_that_never_end_are_refused(publisher, get):
    publisher.will(status=302, headers={"Location": "/data"})

    with pytest.raises(SourceError, match="redirected 5 times"):
        get()


def test_a_full_disk_is_said_and_leaves_no_half_file(publisher, get, tmp_path):
    publisher.will(BODY)
    partial = partial_of(tmp_path, publisher.base + "/data")
    partial.path.parent.mkdir()
    partial.path.symlink_to("/dev/full")

    with pytest.raises(StoreError, match="The disk is full"):
        get()

    assert files(tmp_path) == []


def test_a_disk_that_fills_while_keeping_leaves_no_half_file(publisher, get, tmp_path, monkeypatch):
    def refuse(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    publisher.will(BODY)
    monkeypatch.setattr("beffroi.sources.snapshot.os.fsync", refuse)

    with pytest.raises(StoreError, match="The disk is full"):
        get()

    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_named(publisher, get, tmp_path):
    publisher.will(BODY)
    (tmp_path / "partial").write_text("in the way", encoding="utf-8")

    with pytest.raises(StoreError, match="could not be read or written"):
        get()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/x",
        "ftp://127.0.0.1/x",
        "https:///x",
        "https://me:secret@example.org/",
        "https://[x/",
    ],
)
def test_an_address_we_do_not_fetch_from_is_refused(tmp_path, address):
    with pytest.raises(UsageError) as refusal:
        fetch(address, into=tmp_path)

    assert "secret" not in str(refusal.value)


def test_a_proxy_of_the_environment_is_not_used(publisher, get, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    publisher.will(BODY)

    assert get().path.read_bytes() == BODY


def test_a_body_that_is_not_ready_is_asked_again_and_never_kept(publisher, get, tmp_path):
    def inspect(path):
        if path.read_bytes() == b"queued":
            raise PassingFaultError("queued")

    publisher.will(b"queued").will(BODY)

    assert get(inspect=inspect).path.read_bytes() == BODY
    assert not place(tmp_path, hashlib.sha256(b"queued").hexdigest()).exists()


def test_a_body_that_is_refused_leaves_what_we_had(publisher, get, tmp_path):
    def refuse(_):
        raise SourceError("no table")

    publisher.will(BODY, headers=ETAG).will(b"other")
    first = get()

    with pytest.raises(SourceError, match="no table"):
        get(inspect=refuse)

    index = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    assert [entry["sha256"] for entry in index.values()] == [first.sha256]


def test_manners_without_an_attempt_are_refused(get):
    with pytest.raises(SourceError, match="manners allow 0 attempts"):
        get(manners=Manners(attempts=0))


def test_another_trouble_of_the_disk_says_what_it_was(tmp_path):
    said = str(storage_error(tmp_path / "x", OSError(errno.EACCES, "Permission denied")))

    assert "Permission denied" in said
