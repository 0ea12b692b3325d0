"""Pages that say no: what happened, what is safe, what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oneworkforce.errors import Invalid


def _page(request: HttpRequest, status: int, heading: str, sentence: str, todo: str = "", findings: Any = None) -> HttpResponse:
    context = {"heading": heading, "sentence": sentence, "todo": todo, "findings": findings, "status": status}
    return render(request, "website/error.html", context, status=status)


def refused(request: HttpRequest, error: Exception) -> HttpResponse:
    """403: this person may not do this, and who may."""
    return _page(request, 403, "You can’t do this", str(error), "If you think you should be able to, ask your data lead or the city team.")


def unanswerable(request: HttpRequest, error: Exception) -> HttpResponse:
    """404: there is no such thing, or no answer from the data held."""
    return _page(request, 404, "There is no answer to this", str(error), "Go back, or start from Today.")


def invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
    """422: what was given can't be used, why, and that nothing was changed."""
    return _page(request, 422, "This can’t be used as it is", str(error), "Nothing was changed.", error.findings)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no page has this address."""
    return _page(request, 404, "Page not found", "There is no page at this address.", "If you typed it, check that it is right.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 from Django itself."""
    return _page(
        request, 403, "You can’t do this", "Your account is not allowed to open this page.", "Ask your data lead or the city team."
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something that can't be read."""
    return _page(request, 400, "That request could not be read", "Nothing was changed.", "Go back and try again.")


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form's security token is missing or old."""
    return _page(
        request,
        403,
        "This form has expired",
        "For your safety a form can be sent only for a while after it was opened, and only from this site. Nothing was changed.",
        "Go back, load the page again, and send the form once more.",
    )


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """413: the upload is over the limit, which is stated, and none of it was kept."""
    size = f"{limit / 1024**2:,.0f} MB" if limit >= 1024**2 else f"{limit / 1024:,.0f} kB"
    sentence = f"The most that can be sent at once is {size}. The upload was stopped before it began, and nothing was kept."
    return _page(request, 413, "The file is too large", sentence, "Send one month at a time, or each part as a file of its own.")


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None, *rest: Any, **more: Any) -> HttpResponse:
    """429: too many wrong passwords."""
    return _page(
        request,
        429,
        "Too many attempts",
        "Signing in with this address is closed for 15 minutes, because the password was wrong five times.",
        "Wait, or set a new password with “Forgotten your password?”.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the plainest page there is, because the layout itself may be what failed."""
    return HttpResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Something went wrong – One Workforce</title></head><body><main>'
        "<h1>Something went wrong</h1><p>The fault is ours, and it has been noted. What you had saved before is safe.</p>"
        '<p><a href="/">Start from Today</a></p></main></body></html>',
        status=500,
    )
