"""The tables shipped with the project are those that the tools write from the public data beside it."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared" / "data"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the public data from which the tables were made are not beside us"),
]


@pytest.mark.parametrize(
    ("tool", "folder", "names"),
    [
        ("make_geography.py", "vocabulary/data", ("nuts.csv", "nuts_flows.csv")),
        ("make_starter.py", "catalogue/starter", ("series.yaml", "figures.csv.gz")),
    ],
)
def test_a_tool_writes_the_shipped_tables_again(tmp_path, tool, folder, names):
    subprocess.run([sys.executable, PROJECT / "tools" / tool, "--out", tmp_path], check=True)

    shipped = PROJECT / "src" / "beffroi" / folder
    assert [name for name in names if (tmp_path / name).read_bytes() != (shipped / name).read_bytes()] == []
