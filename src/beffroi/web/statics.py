"""Style sheet and icons under hashed names, straight from the package: no collecting step after installation."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whitenoise.middleware import WhiteNoiseMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

FOLDER = Path(__file__).parent / "static"


@cache
def hashed() -> dict[str, str]:
    """File name → its address, which changes whenever the file does."""
    found = {}
    for path in sorted(FOLDER.iterdir()):
        mark = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        found[path.name] = f"/static/{path.stem}.{mark}{path.suffix}"
    return found


class Statics(WhiteNoiseMiddleware):  # type: ignore[misc]  # -- whitenoise ships no types
    """WhiteNoise with our few files added by hand, each kept for ever by browsers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse], **options: Any) -> None:
        super().__init__(get_response, **options)
        for name, url in hashed().items():
            self.add_file_to_dictionary(url, str(FOLDER / name))

    def immutable_file_test(self, path: str, url: str) -> bool:  # noqa: ARG002 -- WhiteNoise's signature
        """Every address carries the hash of its file."""
        return True
