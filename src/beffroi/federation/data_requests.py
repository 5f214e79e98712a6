"""What people ask about their own data: asked on their own page, decided by the data protection contact, logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.federation.audit import note
from beffroi.federation.erase import erase
from beffroi.records.privacy import OUTCOMES, REQUESTS, DataDecision, DataRequest
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import datetime

DAYS_TO_ANSWER = 30  # GDPR article 12(3): one month
LONGEST = 2_000


def ask(account: int, kind: str, *, text: str, at: datetime) -> int:
    """Ask for erasure, or for a correction that the text describes. Returns the number of the request.

    Raises:
        UsageError: another kind; a correction without a text; or the same is asked already and not answered.
    """
    if kind not in REQUESTS:
        raise UsageError(
            Text(
                f"« {kind} » ne peut pas être demandé ; choisissez entre : {', '.join(REQUESTS)}.",
                f"'{kind}' cannot be asked for; one of: {', '.join(REQUESTS)}.",
            )
        )
    if kind == "correction" and not text.strip():
        raise UsageError(
            Text(
                "Dites ce qui est faux et ce qui est juste.",
                "Say what is wrong and what is right.",
            )
        )
    with transaction.atomic():
        if DataRequest.objects.filter(account=account, kind=kind, decision__isnull=True).exists():
            raise UsageError(
                Text(
                    "Vous l’avez déjà demandé ; la réponse n’est pas encore donnée.",
                    "You have asked for this already; the answer is not given yet.",
                )
            )
        asked = DataRequest.objects.create(account=account, kind=kind, text=text.strip()[:LONGEST], at=at)
        note("data_requested", at=at, account=account, detail={"request": asked.pk, "kind": kind})
    return asked.pk


def decide(request: int, outcome: str, *, reason: str, by: str, at: datetime) -> None:
    """Grant or refuse a request, with the reason. A granted erasure is carried out in the same moment.

    Raises:
        UsageError: no such request, it is decided, or the reason is missing.
    """
    if outcome not in OUTCOMES or not reason.strip():
        raise UsageError(
            Text(
                f"Dites {' ou '.join(OUTCOMES)}, et pourquoi.",
                f"Say {' or '.join(OUTCOMES)}, and why.",
            )
        )
    with transaction.atomic():
        found = DataRequest.objects.filter(pk=request, decision__isnull=True).first()
        if found is None:
            raise UsageError(
                Text(
                    f"La demande {request} n’existe pas ou a déjà sa réponse. Rien n’a été modifié.",
                    f"Request {request} does not exist or is answered already. Nothing was changed.",
                )
            )
        DataDecision.objects.create(request=found, outcome=outcome, reason=reason.strip()[:LONGEST], by=by, at=at)
        note("data_decided", at=at, account=found.account, detail={"request": request, "outcome": outcome, "by": by})
        if found.kind == "erasure" and outcome == "granted":
            erase(found.account, by=by, at=at, reason=f"request {request}")
