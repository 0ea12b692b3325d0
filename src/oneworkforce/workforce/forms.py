"""Forms of the workforce room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from oneworkforce.partners import queries as partners
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce import permissions
from oneworkforce.workforce.core.specification import format_list
from oneworkforce.workforce.queries.calendar import later

MONTHS_BACK = 36

_PARTNER = {
    "required": "Choose the partner that the return is about.",
    "invalid_choice": "You may not send for this partner. Its own data leads can, and any organisation that it has agreed to.",
}
_MONTH = {
    "required": "Choose the month that the return is about.",
    "invalid_choice": "Choose a month from the list: this month, or one before it. A month that has not begun can’t be sent.",
}


class SeveralFiles(forms.FileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files that were chosen, as a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file, the empty ones too: an action says what is wrong with them in its own words."""
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class Send(forms.Form):
    """A return to send: which files, of whom, for which month."""

    partner = forms.ChoiceField(label="Which partner is it about?", error_messages=_PARTNER)
    month = forms.ChoiceField(
        label="Which month is it for?",
        help_text="The month that the rows are about, not the month in which you send it.",
        error_messages=_MONTH,
    )
    format = forms.ChoiceField(label="Format", required=False, help_text="Leave it to us unless a file was not recognised.")
    correction = forms.BooleanField(
        label="It corrects a return that was already accepted", required=False, help_text="The earlier one stays in the history."
    )
    files = FilesField(  # type: ignore[assignment]  # a form's own `files` is the upload it was given; its field has the same name in the page
        label="Files",
        required=False,
        help_text="CSV, Excel (.xlsx) or Parquet, as your system makes them. Several files of one return can be sent together.",
        widget=SeveralFiles(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.parquet"}),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = partner_choices(person)
        self.fields["partner"].choices = chosen if len(chosen) == 1 else [("", "Choose a partner"), *chosen]  # type: ignore[attr-defined]
        self.fields["month"].choices = month_choices()  # type: ignore[attr-defined]
        self.fields["format"].choices = [("", "Recognise it from the headers"), *format_choices()]  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"] + "-01")


class Nil(forms.Form):
    """That there is nothing to report."""

    partner = forms.ChoiceField(label="Partner", error_messages=_PARTNER)
    month = forms.ChoiceField(label="Month", error_messages=_MONTH)
    format = forms.ChoiceField(label="Format")

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = partner_choices(person)  # type: ignore[attr-defined]
        self.fields["month"].choices = month_choices()  # type: ignore[attr-defined]
        self.fields["format"].choices = format_choices()  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"] + "-01")


class Accept(forms.Form):
    """The answer to the warnings, and that the movement is right."""

    answer = forms.CharField(
        label="Why are the warnings right?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One answer for all of them is enough.",
    )
    movement_confirmed = forms.BooleanField(label="The movement since the last return is right", required=False)


class SendBack(forms.Form):
    """Why a return is sent back."""

    reason = forms.CharField(label="What must be corrected?", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class Find(forms.Form):
    """Which returns to show."""

    search = forms.CharField(label="Partner", required=False)
    state = forms.ChoiceField(label="How it stands", required=False)
    format = forms.ChoiceField(label="Format", required=False)
    month = forms.ChoiceField(label="Month", required=False)

    def __init__(self, *args: Any, states: tuple[str, ...], months: tuple[date, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "Any"), *((state, state.capitalize()) for state in states)]  # type: ignore[attr-defined]
        self.fields["format"].choices = [("", "Any"), *format_choices()]  # type: ignore[attr-defined]
        self.fields["month"].choices = [("", "Any"), *((f"{month:%Y-%m}", f"{month:%B %Y}") for month in months)]  # type: ignore[attr-defined]

    def clean_month(self) -> date | None:
        """The first day of the month, None for any."""
        return date.fromisoformat(self.cleaned_data["month"] + "-01") if self.cleaned_data["month"] else None


class Calendar(forms.Form):
    """Which part of the calendar to show."""

    search = forms.CharField(label="Partner", required=False)
    sector = forms.ChoiceField(label="Sector", required=False)
    only = forms.ChoiceField(label="Show", required=False, choices=[("", "Everyone"), ("missing", "Only those with a return missing")])
    until = forms.ChoiceField(label="Twelve months to", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", "Every sector"), *code_list("sectors").labels.items()]  # type: ignore[attr-defined]
        self.fields["until"].choices = month_choices()  # type: ignore[attr-defined]


class Sender(forms.Form):
    """Which organisation may send a partner's returns."""

    sender = forms.ChoiceField(
        label="Organisation", help_text="Its data leads can then send this partner’s returns, and see the rows they sent."
    )

    def __init__(self, *args: Any, partner: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(one.code, one.name) for one in partners.partners() if one.sector and one.code != partner]
        self.fields["sender"].choices = [("", "Choose an organisation"), *others]  # type: ignore[attr-defined]


class Owes(forms.Form):
    """How often a partner sends a format."""

    partner = forms.ChoiceField(label="Partner")
    format = forms.ChoiceField(label="Format")
    interval_months = forms.IntegerField(label="Every how many months", min_value=1, max_value=12, initial=1)
    due_day = forms.IntegerField(label="Due on this day of the following month", min_value=1, max_value=28, initial=15)
    first_month = forms.ChoiceField(label="First month")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = [(partner.code, partner.name) for partner in partners.partners() if partner.sector]  # type: ignore[attr-defined]
        self.fields["format"].choices = format_choices()  # type: ignore[attr-defined]
        self.fields["first_month"].choices = month_choices()  # type: ignore[attr-defined]

    def clean_first_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["first_month"] + "-01")


def partner_choices(person: Any) -> list[tuple[str, str]]:
    """The partners for which the person may send."""
    if permissions.can_run_city(person):
        return [(partner.code, partner.name) for partner in partners.partners() if partner.sector]
    return [(partner.code, partner.name) for partner in partners.partners(codes=permissions.sends_for(person))]


def format_choices() -> list[tuple[str, str]]:
    """The formats that partners send."""
    return [(entry.format, entry.label) for entry in format_list() if entry.kind != "published"]


def month_choices() -> list[tuple[str, str]]:
    """This month and those before it, the last whole month first."""
    this = timezone.localdate().replace(day=1)
    months = [later(this, -back) for back in range(1, MONTHS_BACK + 1)]
    return [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in (*months[:1], this, *months[1:])]
