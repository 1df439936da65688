"""Assignments follow people: into teams, across time zones, to completion. Each receiver is one call to a service."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import membership_changed, zone_changed
from progress.models import Completion
from progress.services import assigning, dating
from progress.signals import course_completed


@receiver(membership_changed, dispatch_uid="progress.membership_changed")
def on_membership_changed(sender: Any, person: User, **kwargs: Any) -> None:
    assigning.follow_teams(person=person)
    dating.follow_zones(people=[person.pk])  # another primary library may lie in another zone


@receiver(zone_changed, dispatch_uid="progress.zone_changed")
def on_zone_changed(sender: Any, people: QuerySet[User] | Collection[int], **kwargs: Any) -> None:
    dating.follow_zones(people=people)


@receiver(course_completed, dispatch_uid="progress.course_completed")
def on_course_completed(sender: Any, completion: Completion, **kwargs: Any) -> None:
    assigning.meet(completion=completion)
