"""What accounts tells the floors above, inside its transaction.

``membership_changed(sender=User, person=User)``: organisations or teams of ``person`` changed.
``zone_changed(sender=User, people=QuerySet[User])``: the zone in which their days end changed.
"""

from django.dispatch import Signal

membership_changed = Signal()
zone_changed = Signal()
