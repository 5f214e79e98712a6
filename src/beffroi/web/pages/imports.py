"""Take a list in through the pages: upload, say what its columns hold, rehearse, import. Nothing half-way is stored."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.federation import corrections
from beffroi.federation.import_plan import remembered_mapping
from beffroi.federation.list_file import Look, Seen, look_at
from beffroi.federation.rows import check_mapping
from beffroi.federation.uploads import IMPORT, REHEARSE, Shelf, Upload
from beffroi.observatory.home import home_folder
from beffroi.observatory.tables import Table
from beffroi.records import models
from beffroi.vocabulary.errors import UsageError
from beffroi.web import import_words, jobs, permissions, words
from beffroi.web.markup import Head, link, row, table
from beffroi.web.registry_frame import author_name, file, list_fields, show
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest

WRONG, CONFLICT = 400, 409
MOST_COLUMNS = 200
SHOWN = 50
LONGEST = 200
REFRESH_SECONDS = 3


def _shelf() -> Shelf:
    return Shelf(home_folder())


def _now() -> datetime:
    return datetime.now(UTC)


def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """The form for a list, and the lists that are under way."""
    shelf = _shelf()
    shelf.sweep(_now())
    if request.method == "POST":
        return _upload(request, lang, shelf)
    return _listing(request, lang, shelf, {}, {})


def _listing(
    request: HttpRequest, lang: str, shelf: Shelf, typed: dict[str, str], faults: dict[str, str]
) -> HttpResponse:
    heads = [Head(_("List")), Head(_("File")), Head(_("Uploaded (UTC)")), Head(_("By")), Head(_("State"))]
    states = import_words.states()
    rows = (
        row([link(f"/{lang}/registry/import/{one.id}/", one.source), one.file_name, _minute(one.at),
             author_name(one.by), states[shelf.state(one, _now())]], heads)
        for one in shelf.all()
    )  # fmt: skip
    held = shelf.all()
    context = {
        "title": _("Which list do you take in?"),
        "typed": {"as_of": _now().date().isoformat(), "kind": "list", "trust_rank": "100", **typed},
        "faults": faults,
        "problems": import_words.labelled(faults),
        "sources": list(models.Source.objects.exclude(kind="unit").order_by("name").values_list("name", flat=True)),
        "most": words.number(settings.BEFFROI_UPLOAD_BYTES // 2**20, 0, lang),
        "table": table(_("Lists under way, kept for two days"), heads, rows, key="t-uploads") if held else "",
    }
    return show(request, "registry/imports.html", context, status=WRONG if faults else 200)


def _upload(request: HttpRequest, lang: str, shelf: Shelf) -> HttpResponse:
    names = ("source", "as_of", "kind", "trust_rank")
    typed = {name: " ".join(request.POST.get(name, "").split())[:LONGEST] for name in names}
    given = request.FILES.get("file")
    faults = _faults(typed)
    if given is None or not given.name:
        faults["file"] = _("Choose a file.")
    elif given.size is not None and given.size > settings.BEFFROI_UPLOAD_BYTES:
        faults["file"] = _("The file is too large.")
    if faults or given is None:
        return _listing(request, lang, shelf, typed, faults)
    one = Upload(
        "", _plain_name(str(given.name)), 0, _now().isoformat(), permissions.person_of(request).author, typed["source"],
        typed["as_of"], typed["kind"], int(typed["trust_rank"]),
    )  # fmt: skip
    kept = shelf.keep(given.chunks(), one)
    try:
        _look_again(shelf, kept)
    except UsageError as error:
        shelf.discard(kept.id)
        return _listing(request, lang, shelf, typed, {"file": told(error)})
    return _to(lang, kept.id)


def _plain_name(name: str) -> str:
    return "".join(one for one in name if one.isprintable())[:LONGEST] or "list"


def _faults(typed: dict[str, str]) -> dict[str, str]:
    faults = {}
    if not typed["source"]:
        faults["source"] = _("Name the list: a new version of a list bears the same name.")
    try:
        if date.fromisoformat(typed["as_of"]) > _now().date():
            faults["as_of"] = _("This day is to come. Give the day on which the list was true.")
    except ValueError:
        faults["as_of"] = _("Write the day as YYYY-MM-DD.")
    if typed["kind"] not in {"list", "register"}:
        faults["kind"] = _("Choose one of the answers.")
    known = models.Source.objects.filter(name=typed["source"]).first()
    if known is not None and known.kind != typed["kind"]:
        faults["source"] = _("This name is that of a list of another kind. Give another one.")
    if not (typed["trust_rank"].isascii() and typed["trust_rank"].isdecimal() and len(typed["trust_rank"]) < 6):  # noqa: PLR2004 -- no house has 100,000 lists
        faults["trust_rank"] = _("Write a whole number.")
    return faults


def _look_again(shelf: Shelf, one: Upload) -> None:
    found = look_at(shelf.content(one.id), name=one.file_name, remembered=remembered_mapping(one.source))
    shelf.write(one.id, "look", asdict(found))


def _look(shelf: Shelf, one: Upload) -> Look:
    page: dict[str, Any] = shelf.read(one.id, "look") or {"columns": [], "rows": 0, "notes": []}
    columns = tuple(Seen(each["header"], each["field"], each["found_by"], tuple(each["samples"]))
                    for each in page["columns"])  # fmt: skip
    return Look(columns, int(page["rows"]), tuple(page["notes"]))


def upload(request: HttpRequest, lang: str, upload_id: str) -> HttpResponse:
    """One list on its way: its columns, the work under way, what it would do, or what it did."""
    shelf = _shelf()
    one = shelf.load(upload_id)
    if request.method == "POST":
        return _act(request, lang, shelf, one)
    return _page(request, lang, shelf, one)


def _act(request: HttpRequest, lang: str, shelf: Shelf, one: Upload) -> HttpResponse:
    answer = request.POST.get("act", "")
    state = shelf.state(one, _now())
    if state == "running":
        return _to(lang, one.id)
    if answer == "discard":
        shelf.discard(one.id)
        return HttpResponseRedirect(f"/{lang}/registry/import/")
    if answer == "columns" and not _is_imported(shelf, one):
        return _state_columns(request, lang, shelf, one)
    if answer == "remap" and not _is_imported(shelf, one):
        shelf.forget(one.id, "result", "progress")
        shelf.save(replace(one, stage="", asked_at=""))
    elif answer == "answer" and not _is_imported(shelf, one):
        return _answered(request, lang, shelf, one)
    elif answer == "correct" and not _is_imported(shelf, one):
        return _correct(request, lang, shelf, one)
    elif answer == "import" and _is_rehearsed(shelf, one):
        _ask(request, shelf, one, IMPORT)
    elif answer == "again" and state == "interrupted":
        _ask(request, shelf, one, one.stage)
    return _to(lang, one.id)


def _to(lang: str, upload_id: str) -> HttpResponse:
    return HttpResponseRedirect(f"/{lang}/registry/import/{upload_id}/")


def _is_imported(shelf: Shelf, one: Upload) -> bool:
    result = shelf.read(one.id, "result")
    return result is not None and (result["outcome"], result["stage"]) == ("report", IMPORT)


def _is_rehearsed(shelf: Shelf, one: Upload) -> bool:
    result = shelf.read(one.id, "result")
    return result is not None and (result["outcome"], result["stage"]) == ("report", REHEARSE)


def _ask(request: HttpRequest, shelf: Shelf, one: Upload, stage: str) -> None:
    shelf.forget(one.id, "result", "progress")
    by = permissions.person_of(request).author
    shelf.save(replace(one, stage=stage, asked_at=_now().isoformat(), by=by))
    jobs.launch(one.id)


def _state_columns(request: HttpRequest, lang: str, shelf: Shelf, one: Upload) -> HttpResponse:
    look = _look(shelf, one)
    offered = list_fields(look)
    chosen = [request.POST.get(f"c{place}", "") for place in range(len(look.columns))]
    chosen = [field if field in offered else "" for field in chosen]
    mapping, twice = corrections.all_fields([each.header for each in look.columns], chosen)
    problem = "; ".join(
        _("“%(field)s” is said of several columns: %(columns)s") % {"field": offered[field], "columns": ", ".join(held)}
        for field, held in twice.items()
    )
    if not problem:
        try:
            check_mapping(mapping, frozenset(each.header for each in look.columns))
        except UsageError:
            problem = _("Nothing says who a row is: say which column holds the name, the SIREN, the SIRET or the VAT.")
    if problem:
        return _page(request, lang, shelf, one, chosen=chosen, problem=problem)
    _ask(request, shelf, replace(one, mapping=mapping, persons="ask", purpose="", faulty="refuse"), REHEARSE)
    return _to(lang, one.id)


def _answered(request: HttpRequest, lang: str, shelf: Shelf, one: Upload) -> HttpResponse:
    persons, faulty = request.POST.get("persons", one.persons), request.POST.get("faulty", one.faulty)
    purpose = request.POST.get("purpose", one.purpose).strip()[:1000]
    if persons not in {"ask", "keep", "leave_out"} or faulty not in {"refuse", "leave_out"}:
        return _page(request, lang, shelf, one, problem=_("Choose one of the answers."))
    if persons == "keep" and not purpose:
        return _page(
            request, lang, shelf, one, problem=_("Say for what purpose people are kept, and how they are told.")
        )
    _ask(request, shelf, replace(one, persons=persons, faulty=faulty, purpose=purpose), REHEARSE)
    return _to(lang, one.id)


def _correct(request: HttpRequest, lang: str, shelf: Shelf, one: Upload) -> HttpResponse:
    given = request.FILES.get("corrections")
    if given is None or (given.size or 0) > settings.BEFFROI_UPLOAD_BYTES:
        return _page(request, lang, shelf, one, problem=_("Choose a file."))
    try:
        content, _count = corrections.corrected(shelf.content(one.id), given.read(), name=one.file_name)
    except UsageError as error:
        return _page(request, lang, shelf, one, problem=told(error))
    fresh = shelf.change_content(replace(one, file_name=corrections.corrected_name(one.file_name)), content)
    _look_again(shelf, fresh)
    _ask(request, shelf, fresh, REHEARSE)
    return _to(lang, one.id)


def _page(
    request: HttpRequest, lang: str, shelf: Shelf, one: Upload, *, chosen: list[str] | None = None, problem: str = ""
) -> HttpResponse:
    state = shelf.state(one, _now())
    result: dict[str, Any] = shelf.read(one.id, "result") or {}
    context: dict[str, object] = {
        "title": _("What does the list “%(name)s” change?") % {"name": one.source},
        "upload": one,
        "state": state,
        "problem": problem,
        "as_of": words.day(one.as_of, lang),
        "by": author_name(one.by),
        "action": f"/{lang}/registry/import/{one.id}/",
        "is_imported": _is_imported(shelf, one),
        "outcome": result.get("outcome", ""),
    }
    if state == "asked":
        context |= _columns(shelf, one, chosen, lang)
    elif state in {"running", "interrupted"}:
        context |= {"progress": import_words.progress(shelf.read(one.id, "progress") or {}, one.stage, lang)}
    else:
        context |= _result(one, result, lang)
    response = show(request, "registry/import.html", context, status=CONFLICT if problem else 200)
    if state == "running":
        response["Refresh"] = str(REFRESH_SECONDS)  # the page works without script
    return response


def _columns(shelf: Shelf, one: Upload, chosen: list[str] | None, lang: str) -> dict[str, object]:
    look = _look(shelf, one)
    stated = {column: field for field, column in one.mapping.items()}
    fields = list_fields(look)
    found_by = import_words.found_by()
    shown = []
    for place, each in enumerate(look.columns):
        field = chosen[place] if chosen is not None else stated.get(each.header, "") if one.mapping else each.field
        if place < MOST_COLUMNS or field:
            by = found_by.get(each.found_by, "") if each.field and each.field == field else ""
            shown.append({"place": place, "header": each.header, "field": field, "by": by, "samples": each.samples})
    return {
        "columns": shown,
        "fields": fields.items(),
        "hidden": len(look.columns) - len(shown),
        "row_count": words.number(look.rows, 0, lang),
        "notes": ", ".join(look.notes),
    }


def _result(one: Upload, result: dict[str, Any], lang: str) -> dict[str, object]:
    report: dict[str, Any] = result.get("report") or {}
    if not report:
        return {"failure": result.get("problem", "")}
    heads = [Head(_("Row"), is_number=True), Head(_("Column")), Head(_("Cell")), Head(_("Problem")), Head(_("Remedy"))]
    said = import_words.faults()
    rows = (
        row([words.number(each["row"], 0, lang), one.mapping.get(each["field"], each["field"]), each["given"],
             said.get(each["problem"], each["problem"]), said.get(each["remedy"], each["remedy"])], heads)
        for each in report["faults"][:SHOWN]
    )  # fmt: skip
    changes = report["new"] + report["changed"] + report["gone"]
    files = f"/{lang}/registry/import/{one.id}/faults"
    return {
        "figures": import_words.figures(report, lang),
        "changes": changes,
        "event": report["event"],
        "may_import": result["outcome"] == "report" and result["stage"] == REHEARSE and changes,
        "fault_count": report["fault_count"],
        "fatal": words.number(report["fatal_count"], 0, lang) if report["fatal_count"] else "",
        "persons": words.number(report["person_count"], 0, lang) if report["person_count"] else "",
        "person_rows": ", ".join(words.number(each, 0, lang) for each in report["persons"][:SHOWN]),
        "more_persons": report["person_count"] > SHOWN,
        "fault_table": table(_("Cells kept as they are and not understood"), heads, rows, key="t-faults")
        if report["faults"]
        else "",
        "files": {kind: f"{files}.{kind}" for kind in ("csv", "xlsx", "json")},
    }


def faults_file(request: HttpRequest, lang: str, upload_id: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Every faulty cell, with a column to fill in."""
    shelf = _shelf()
    one = shelf.load(upload_id)
    result: dict[str, Any] = shelf.read(one.id, "result") or {}
    found = (result.get("report") or {}).get("faults", [])
    return file(request, Table("faults", corrections.COLUMNS, tuple(corrections.fault_rows(found, one.mapping))), kind)


def _minute(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}"
