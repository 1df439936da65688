"""How a case looks to a learner before the first move, for whoever writes or chooses one."""

from collections.abc import Mapping
from typing import Any

from courses import markup
from quizzes.engines.base import FormEngine
from quizzes.engines.registry import Engine
from quizzes.engines.scoring import COACH, key_faults
from quizzes.services.case_drafting import shape_faults


def look_at(engine: Engine, case: Mapping[str, Any]) -> dict[str, Any]:
    """What ``quizzes/author/case_look.html`` shows: the scene and what may be done, or what is missing for that."""
    if faults := shape_faults(engine, case):
        return {"faults": len(faults)}
    state = engine.begin(case, seed=1, mode=COACH)
    return {
        "case": {
            "title": case["title"],
            "brief_html": markup.render(case.get("brief", "")),
            "level": case.get("level", ""),
            "credit": case.get("credit", ""),
        },
        "engine": engine,
        "scene": engine.show(case, state),
        "marks": {},
        "problem_fields": {},
        "state_over": False,
        "is_form": isinstance(engine, FormEngine),
        "actions": engine.actions(case, state),
        "key": [sentence for _path, sentence in key_faults(engine, case)],
    }
