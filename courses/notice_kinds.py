"""The kinds of notice that authors and reviewers get; ``CoursesConfig.ready`` registers them."""

from courses.services import peopling, planning, reviewing, shelving, upkeep

AUTHORING = (peopling.NOTICE, *reviewing.NOTICES, upkeep.NOTICE, planning.NOTICE, shelving.NOTICE)
