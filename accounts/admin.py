"""Accounts for site staff: a tool beside the services, not a back door around them."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Consortium,
    Invitation,
    JoinCode,
    LocalWord,
    Membership,
    Notice,
    NoticePreference,
    Organisation,
    Team,
    TeamMembership,
    User,
)
from accounts.services import inviting, people
from core.admin import ReadOnly


class AnnouncesPlaces(admin.ModelAdmin):
    """Rows edited beside a person or team are places of people: the floors above are told, as the services do."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = [*formset.save(), *formset.deleted_objects]
        for person in {row.person for row in rows}:
            people.announce_change(person=person)


class MembershipInline(admin.TabularInline):
    model = Membership
    fields = ["organisation", "is_primary", "is_manager", "is_instructor"]
    autocomplete_fields = ["organisation"]
    extra = 0


class PlaceInline(admin.TabularInline):
    model = TeamMembership
    fields = ["person", "role"]
    autocomplete_fields = ["person"]
    extra = 0


@admin.register(User)
class UserAdmin(AnnouncesPlaces):
    list_display = ["email", "name", "is_active", "is_staff", "last_login", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["uuid", "last_login", "date_joined"]
    fields = [
        "uuid",
        "email",
        "name",
        "certificate_name",
        "time_zone",
        "language",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "date_joined",
    ]
    inlines = [MembershipInline]
    change_password_form = AdminPasswordChangeForm

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person is made by the service, so that their address stands where sign-in looks for it."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made = people.create_person(email=obj.email, name=obj.name)
        obj.pk, obj.uuid, obj.password, obj.date_joined = made.pk, made.uuid, made.password, made.date_joined
        super().save_model(request, obj, form, change=True)


@admin.register(Consortium)
class ConsortiumAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "consortium", "time_zone"]
    list_select_related = ["consortium"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["consortium"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(LocalWord)
class LocalWordAdmin(admin.ModelAdmin):
    list_display = ["key", "organisation", "value"]
    list_select_related = ["organisation"]
    list_filter = ["key"]
    search_fields = ["key", "value", "organisation__name"]
    autocomplete_fields = ["organisation"]


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Changed on the page of the person, or of the organisation."""

    list_display = ["person", "organisation", "is_primary", "is_manager", "is_instructor", "joined_at"]
    list_select_related = ["person", "organisation"]
    list_filter = ["is_manager", "is_instructor", "organisation"]
    search_fields = ["person__email", "person__name", "organisation__name"]


@admin.register(Team)
class TeamAdmin(AnnouncesPlaces):
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]
    list_filter = ["organisation"]
    search_fields = ["name", "organisation__name"]
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "name"]
    inlines = [PlaceInline]


@admin.register(TeamMembership)
class TeamMembershipAdmin(ReadOnly):
    """Changed on the page of the team."""

    list_display = ["team", "person", "role"]
    list_select_related = ["team", "person"]
    list_filter = ["role"]
    search_fields = ["team__name", "person__email", "person__name"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["email", "organisation", "team", "invited_by", "created_at", "expires_at", "accepted_at"]
    list_select_related = ["organisation", "team", "invited_by"]
    list_filter = ["organisation"]
    search_fields = ["email"]
    exclude = ["token_hash"]
    actions = ["withdraw"]

    @admin.action(description=_("Take back the invitations"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        for invitation in queryset:
            inviting.withdraw(invitation=invitation)
        messages.success(request, _("Done."))


@admin.register(JoinCode)
class JoinCodeAdmin(ReadOnly):
    list_display = ["code", "organisation", "team", "created_by", "expires_at", "closed_at", "uses_left"]
    list_select_related = ["organisation", "team", "created_by"]
    list_filter = ["organisation"]
    search_fields = ["code", "organisation__name"]


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ["title", "person", "kind", "created_at", "read_at", "mail_state", "mail_after", "mailed_at"]
    list_select_related = ["person"]
    list_filter = ["kind", "mail_state"]
    search_fields = ["title", "key", "person__email"]
    date_hierarchy = "created_at"


@admin.register(NoticePreference)
class NoticePreferenceAdmin(ReadOnly):
    list_display = ["person", "kind", "in_inbox", "mail"]
    list_select_related = ["person"]
    list_filter = ["kind", "mail"]
    search_fields = ["person__email"]
