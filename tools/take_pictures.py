"""Photograph the main pages for the documentation, at the width of a desk and of a phone.

python tools/take_pictures.py http://127.0.0.1:8000 docs/pictures
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PAGES = {
    "home-fr": "/fr/",
    "home-en": "/en/",
    "ranks-fr": "/fr/regions/",
    "compare-fr": "/fr/compare/?r=FRK&r=FRE&r=FR1",
    "when-fr": "/fr/region/FRK/when/",
    "peers-en": "/en/region/FRK/peers/",
    "why-fr": "/fr/region/FRK/why/?with=DE1",
    "merge-fr": "/fr/merge/?regions=FRK1&regions=FRK2&set=nuts2_2016",
    "weights-en": "/en/weights/?w.talent=3",
    "indicator-en": "/en/indicator/gerd_pct_gdp/",
    "number-fr": "/fr/number/administrative_2016/FRK/gerd_pct_gdp/",
}
WIDTHS = (1280, 360)
TALLEST = 3000
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def main(base: str, into: Path) -> None:
    """Photograph every page at every width, the first screens only."""
    into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            for name, address in PAGES.items():
                answer = page.goto(base + address)
                assert answer is not None
                assert answer.ok, address
                tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                clip = {"x": 0, "y": 0, "width": width, "height": tall}
                page.screenshot(path=into / f"{name}-{width}.png", full_page=True, clip=clip)
                print(into / f"{name}-{width}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
