"""Every address: each page in two languages, plain (the current edition) and pinned to an edition."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.cache import patch_vary_headers

from beffroi.web import (
    converters,  # noqa: F401 -- first: the addresses below use what it registers
    course_urls,
    government_urls,
    permissions,
    strategy_urls,
    vote_urls,
)
from beffroi.web.api import api
from beffroi.web.headers import preferred
from beffroi.web.pages import (
    account,
    compare,
    door_log,
    editions,
    errors,
    fabric,
    fabric_more,
    files,
    ideas,
    ideas_office,
    imports,
    indicators,
    joining,
    merge,
    method,
    number,
    organisation,
    own,
    peers,
    portrait,
    privacy,
    profile,
    ranks,
    reconcile,
    registry,
    review,
    roles,
    second_factor,
    signing,
    trades,
    upkeep,
    weights,
    when,
    why,
)
from beffroi.web.pages import directory as directory_pages
from beffroi.web.registry_api import registry_api


def front(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Send a language-less address to the reader's language."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"/{preferred(request)}/{rest}{'?' + query if query else ''}")
    patch_vary_headers(response, ["Accept-Language"])
    return response


# First parts of addresses that may be written without a language.
FRONTS = (
    "edition|fabric|regions?|compare|merge|weights|indicators?|method|data|about|editions|registry|trades|account|privacy"
    "|ideas|votes|drafts|vision|strategy|factors|objectives|actions|projects|stages|chain|cooperation|notes|review|bodies"
    "|meetings|seats|offices|structures|money|agreements|government"
)


pages: list[URLPattern | URLResolver] = [
    path("", portrait.home),
    path("region/", portrait.find),
    path("region/<str:code>/", portrait.region),
    path("region/<str:code>/figures.<format:kind>", files.region_figures),
    path("region/<str:code>/when/", when.page),
    path("region/<str:code>/peers/", peers.page),
    path("region/<str:code>/why/", why.page),
    path("region/<str:code>/<slug:answer>.<format:kind>", files.region_answer),
    path("region/<str:code>/<slug:picture>.svg", files.region_picture),
    path("merge/", merge.page),
    path("merge/figures.<format:kind>", files.merge_figures),
    path("merge/figures.svg", files.merge_picture),
    path("weights/", weights.page),
    path("weights/ranks.<format:kind>", files.weights_ranks),
    path("weights/ranks.svg", files.weights_picture),
    path("regions/", ranks.page),
    path("regions/export.<format:kind>", files.ranks),
    path("compare/", compare.page),
    path("compare/ranks.<format:kind>", files.compare_ranks),
    path("compare/figures.<format:kind>", files.compare_figures),
    path("compare/rank.svg", files.compare_picture),
    path("indicators/", indicators.listing),
    path("indicator/<slug:indicator_id>/", indicators.page),
    path("indicator/<slug:indicator_id>/ranking.<format:kind>", files.indicator_ranking),
    path("indicator/<slug:indicator_id>/series.<format:kind>", files.indicator_series),
    path("indicator/<slug:indicator_id>/sdmx.csv", files.indicator_sdmx),
    path("indicator/<slug:indicator_id>/<slug:picture>.svg", files.indicator_picture),
    path("number/<slug:set_id>/<str:code>/<slug:what>/", number.page),
    path("number/<slug:set_id>/<str:code>/<slug:what>.json", number.twin),
    path("method/", method.method),
    path("data/", method.data),
    path("about/", method.about),
]

observatory: list[URLPattern | URLResolver] = [
    path("", front),
    path("api/v1/", api.urls),
    path("robots.txt", errors.robots),
    path("<lang:lang>/editions/", editions.page),
    path("<lang:lang>/privacy/", privacy.processing),
    path("<lang:lang>/privacy/register.<format:kind>", privacy.processing_file),
    path("<lang:lang>/fabric/", fabric.index),
    path("<lang:lang>/fabric/<str:code>/", fabric.territory),
    path("<lang:lang>/fabric/<str:code>/perimeters/", fabric.perimeters),
    path("<lang:lang>/fabric/<str:code>/map/", fabric_more.located),
    path("<lang:lang>/fabric/<str:code>/related/", fabric_more.related_sectors),
    path("<lang:lang>/fabric/<str:code>/against/", fabric_more.against_trade),
    path("<lang:lang>/fabric/<str:code>/<slug:what>.<format:kind>", fabric_more.download),
    path("<lang:lang>/fabric/<str:code>/<slug:what>.svg", fabric_more.picture),
    path("<lang:lang>/edition/<slug:edition>/", include(pages)),
    path("<lang:lang>/", include(pages)),
    re_path(rf"^(?P<rest>(?:{FRONTS})(?:/.*)?)$", front),
]
directory: list[URLPattern | URLResolver] = [
    path("", directory_pages.listing),
    path("organisations.<format:kind>", directory_pages.listing_file),
    path("organisations.jsonld", directory_pages.listing_linked),
    path("organisations.svg", directory_pages.map_picture),
    # Published organisations are open to all; the views themselves ask about the others, one by one.
    path("organisation/<str:address>/", organisation.organisation),
    path("organisation/<str:address>/values.<format:kind>", organisation.organisation_file),
    path("organisation/<str:address>/history/", organisation.past),
    path("organisation/<str:address>/history.<format:kind>", organisation.past_file),
    path("reconcile/", reconcile.service),
    path("reconcile/suggest/<slug:what>/", reconcile.suggest),
    path("reconcile/properties/", reconcile.propose_properties),
    path("reconcile/preview/", reconcile.preview),
]
registry_interface: list[URLPattern | URLResolver] = [path("api/v1/registry/", registry_api.urls)]
scheme: list[URLPattern | URLResolver] = [
    path("", trades.listing),
    path("scheme.<slug:kind>", trades.scheme_file),
    path("<slug:concept_id>/", trades.concept),
    path("<slug:scheme_id>/<slug:concept_id>/", trades.of_scheme),
]
count: list[URLPattern | URLResolver] = [
    path("count/", registry.count),
    path("count/figures.svg", registry.count_picture),
    path("profile/", profile.page),
    path("profile/figures.<format:kind>", profile.page_file),
    path("profile/<slug:dimension>.svg", profile.picture),
    path("count/figures.<format:kind>", registry.count_file),
]
rows: list[URLPattern | URLResolver] = [
    path("count/records/", registry.records),
    path("count/records.<format:kind>", registry.records_file),
]
decisions: list[URLPattern | URLResolver] = [
    path("review/", review.page),
    path("review/sample/", review.sampling),
    path("review/<slug:case_id>/", review.case),
]
own_account: list[URLPattern | URLResolver] = [
    path("second-factor/", second_factor.page),
    path("data/", privacy.own),
    path("data.json", privacy.own_file),
]
signed: list[URLPattern | URLResolver] = [
    path("editions/", signing.listing),
    path("editions/<slug:edition>/", signing.one_edition),
]
watch: list[URLPattern | URLResolver] = [
    path("log/", door_log.page),
    path("log.<format:kind>", door_log.download),
]
answers: list[URLPattern | URLResolver] = [
    path("requests/", privacy.requests),
    path("requests.<format:kind>", privacy.requests_file),
]
permissions.mark(own_account, "own_account")
permissions.mark(signed, "sign_editions")
ideas_read: list[URLPattern | URLResolver] = [
    path("", ideas.listing),
    path("campaigns.<format:kind>", ideas.listing_file),
    path("<int:campaign>/", ideas.campaign),
    path("<int:campaign>/ideas.<format:kind>", ideas.campaign_file),
    path("<int:campaign>/idea/<int:idea>/", ideas.idea),
    path("<int:campaign>/sent/", ideas.sent),
]
ideas_post: list[URLPattern | URLResolver] = [
    path("<int:campaign>/post/", ideas.posting),
    path("confirm/<str:token>/", ideas.confirm),
]
ideas_run: list[URLPattern | URLResolver] = [
    path("new/", ideas_office.opening),
    path("<int:campaign>/desk/", ideas_office.desk),
    path("<int:campaign>/join/", ideas_office.joining),
    path("<int:campaign>/close/", ideas_office.closing),
    path("<int:campaign>/moderation.<format:kind>", ideas_office.log_file),
    path("<int:campaign>/idea/<int:idea>/answer/", ideas_office.answering),
    path("<int:campaign>/idea/<int:idea>/split/", ideas_office.splitting),
]
permissions.mark(ideas_read, "read_ideas")
permissions.mark(ideas_post, "post_idea")
permissions.mark(ideas_run, "run_ideas")
permissions.mark(watch, "read_log")
permissions.mark(answers, "answer_requests")
taking_in: list[URLPattern | URLResolver] = [
    path("import/", imports.listing),
    path("import/<slug:upload_id>/", imports.upload),
    path("import/<slug:upload_id>/faults.<format:kind>", imports.faults_file),
]
joins: list[URLPattern | URLResolver] = [
    path("organisation/<str:address>/merge/", joining.merge),
    path("organisation/<str:address>/split/", joining.split),
    path("organisation/<str:address>/trades/", upkeep.trades),
    path("tasks/", upkeep.tasks),
    path("tasks.<format:kind>", upkeep.tasks_file),
    path("requests/", own.queue),
    path("requests.<format:kind>", own.queue_file),
]
checks: list[URLPattern | URLResolver] = [
    path("stale/", upkeep.stale),
    path("stale.<format:kind>", upkeep.stale_file),
]
own_pages: list[URLPattern | URLResolver] = [
    # Open to whoever has an account; the views themselves ask for which organisation.
    path("mine/", own.mine),
    path("organisation/<str:address>/edit/", own.edit),
]
mandates: list[URLPattern | URLResolver] = [
    path("roles/", roles.page),
    path("roles.<format:kind>", roles.roles_file),
]
renewing: list[URLPattern | URLResolver] = [path("renewals/", upkeep.renewal)]
verifying: list[URLPattern | URLResolver] = [path("organisation/<str:address>/verify/", upkeep.verify)]
officers = [*taking_in, *joins, *checks, *own_pages, *mandates, *renewing, *verifying]
permissions.mark(taking_in, "import_lists")
permissions.mark(joins, "decide")
permissions.mark(checks, "read_registry")
permissions.mark(own_pages, "speak_for")
permissions.mark(mandates, "manage_roles")
permissions.mark(renewing, "renew")
permissions.mark(verifying, "verify")
permissions.mark(directory, "read_directory")
permissions.mark(scheme, "read_directory")
permissions.mark(registry_interface, "read_directory")
permissions.mark(count, "read_count")
permissions.mark(rows, "read_registry")
permissions.mark(decisions, "decide")
permissions.mark_view(review.undoing, "undo")
permissions.mark(observatory, "read_observatory")
permissions.mark(account.for_all, "sign_in")
permissions.mark(account.for_members, "own_account")
permissions.mark_view(account.home, "own_account")

urlpatterns: list[URLPattern | URLResolver] = [
    # allauth knows its addresses by name and without a language: the one in use is put before them.
    *i18n_patterns(path("account/", include([*account.for_all, *account.for_members]))),
    path("<lang:lang>/account/", account.home),
    path("<lang:lang>/account/", include([*own_account, *signed, *watch, *answers])),
    path(
        "<lang:lang>/registry/",
        include([*directory, *count, *rows, *decisions, *officers, path("undo/<int:event>/", review.undoing)]),
    ),
    path("<lang:lang>/trades/", include(scheme)),
    *registry_interface,
    path("<lang:lang>/votes/", include(vote_urls.for_votes)),
    path("<lang:lang>/drafts/", include(vote_urls.for_drafts)),
    path("<lang:lang>/", include([*course_urls.patterns, *strategy_urls.patterns])),
    path("<lang:lang>/", include(government_urls.patterns())),
    path("<lang:lang>/ideas/", include([*ideas_read, *ideas_post, *ideas_run])),
    *observatory,
]
handler404 = errors.not_found
handler500 = errors.broken
handler400 = errors.bad_request
handler429 = "beffroi.web.pages.errors.too_many"
