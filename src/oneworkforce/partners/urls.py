"""Addresses of the partners room. One partner's page joins rooms, so `website` composes it."""

from django.urls import path

from oneworkforce.partners import views

urlpatterns = [
    path("", views.partner_list, name="partners"),
    path("working-as/", views.working_as, name="working_as"),
    path("successions/", views.successions, name="successions"),
    path("invitations/<str:token>/", views.accept_invitation, name="accept_invitation"),
    path("<str:code>/members/", views.members, name="partner_members"),
    path("<str:code>/members/<int:person_id>/remove/", views.remove_member, name="remove_member"),
    path("<str:code>/invitations/<int:invitation_id>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
]
