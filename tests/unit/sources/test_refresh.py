import pytest

from beffroi.catalogue.schema import Series
from beffroi.sources.eurostat import Reading
from beffroi.sources.refresh import Failure, refresh_series
from beffroi.vocabulary.errors import SourceError, UsageError

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

PC = Series("eurostat", "hrst_st_rcat", (("unit", "PC_ACT"),))
THS = Series("eurostat", "hrst_st_rcat", (("unit", "THS"),))
GONE = Series("eurostat", "withdrawn", (("unit", "THS"),))
CHANGED = Series("eurostat", "changed", (("unit", "THS"),))
OTHER = Series("insee", "flores", (("naf", "62"),))
TSV = b"freq,unit,geo\\TIME_PERIOD\t2024\nA,PC_ACT,FRE1\t46.3 b\nA,THS,FRE1\t1022\n"


@pytest.fixture
def refresh(publisher, tmp_path, manners):
    answer = type(publisher.will(TSV).answers[0])
    publisher.by_path["withdrawn"] = answer(b"unknown dataset", 404)
    publisher.by_path["changed"] = answer(TSV.replace(b"1022", b"1'022"))

    def ask(*series, **more):
        given = {"into": tmp_path, "base": publisher.base, "manners": manners, "form": "tsv"}
        return refresh_series(series, **given | more)

    return ask


@pytest.mark.parametrize("workers", [1, 4])
def test_one_failure_does_not_stop_the_others(refresh, workers):
    outcomes = refresh(GONE, PC, CHANGED, OTHER, THS, workers=workers)

    assert [type(one) for one in outcomes] == [Failure, Reading, Failure, Failure, Reading]
    gone, pc, changed, other, ths = outcomes
    assert (gone.series, type(gone.error)) == (GONE, SourceError)
    assert "unknown dataset" in str(gone.error)
    assert "found '1'022' in column 2024" in str(changed.error)
    assert isinstance(other.error, UsageError)
    assert [one.value for one in pc.observations] == [46.3]
    assert [one.value for one in ths.observations] == [1022.0]


def test_series_of_one_file_share_one_download(publisher, refresh):
    refresh(PC, THS, PC)

    assert len(publisher.asked) == 1


def test_a_series_given_twice_is_answered_twice(refresh):
    first, second = refresh(PC, PC)

    assert first is second


def test_progress_counts_every_series_whatever_became_of_it(refresh):
    told = []

    refresh(OTHER, GONE, PC, THS, progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_nothing_to_refresh_is_nothing_refreshed(refresh):
    assert refresh() == ()
