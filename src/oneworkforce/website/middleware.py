"""What every request passes through that is ours: the partner one is working as, and refusals as pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from oneworkforce.errors import Invalid, Refused, Unanswerable
from oneworkforce.partners import queries as partners
from oneworkforce.website import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def upload_limit(get_response: GetResponse) -> GetResponse:
    """A request larger than the limit is answered before any of it is read; Django reads no more than the length a request declares."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if declared.isdigit() and int(declared) > settings.ONEWORKFORCE_UPLOAD_LIMIT:
            return errors.too_large(request, settings.ONEWORKFORCE_UPLOAD_LIMIT)
        return get_response(request)

    return middleware


def working_as(get_response: GetResponse) -> GetResponse:
    """Every request bears `belongings` (where the person belongs) and `working_as` (the one chosen, else the first, else None)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        belongings = partners.belongings(request.user) if request.user.is_authenticated else ()
        chosen = request.session.get("working_as") if belongings else None
        request.belongings = belongings  # type: ignore[attr-defined]
        request.working_as = next((b for b in belongings if b.partner.code == chosen), belongings[0] if belongings else None)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class RefusalsAsPages:
    """The house's three errors become pages, here and nowhere else: `Refused` 403, `Unanswerable` 404, `Invalid` 422."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an error of the house; None, so Django's own handling, for any other."""
        if isinstance(error, Refused):
            return errors.refused(request, error)
        if isinstance(error, Unanswerable):
            return errors.unanswerable(request, error)
        if isinstance(error, Invalid):
            return errors.invalid(request, error)
        return None
