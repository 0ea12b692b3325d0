"""Forms of the partners room."""

from __future__ import annotations

from typing import Any

from django import forms

from oneworkforce.partners import queries
from oneworkforce.partners.core.roles import ROLES
from oneworkforce.partners.models import Succession


class Find(forms.Form):
    """What to show of the list of partners."""

    search = forms.CharField(label="Name or code", required=False, max_length=100)
    sector = forms.ChoiceField(label="Sector", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counts = queries.sector_counts()
        labels = queries.sector_labels()
        choices = [("", "Every sector")] + [(code, f"{labels.get(code, code)} ({number})") for code, number in counts.items()]
        self.fields["sector"].choices = choices  # type: ignore[attr-defined]


class Invite(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail address", help_text="The invitation goes there, and it is what they sign in with.")
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)

    def __init__(self, *args: Any, city_team: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [role for role in ROLES.values() if (role.code == "city_team") == city_team]
        self.fields["role"].choices = [(role.code, f"{role.label}: {role.says}") for role in offered]  # type: ignore[attr-defined]


class Accept(forms.Form):
    """Who someone new is."""

    name = forms.CharField(label="Your name", max_length=150, help_text="As your colleagues know you.")
    password = forms.CharField(
        label="Choose a password",
        widget=forms.PasswordInput,
        help_text="At least 12 characters. Three words that you can remember are better than one that you can’t.",
    )


class RecordSuccession(forms.Form):
    """Which organisation follows which, from when."""

    predecessor = forms.ChoiceField(label="The organisation before")
    successor = forms.ChoiceField(label="The organisation that follows it")
    date = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date"}), help_text="The first day, for example 1 April 2026."
    )
    kind = forms.ChoiceField(label="What happens", widget=forms.RadioSelect, choices=list(Succession.KINDS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose one")] + [
            (partner.code, f"{partner.name} ({partner.code})") for partner in queries.partners() if partner.sector
        ]
        for name in ("predecessor", "successor"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
