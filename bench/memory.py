"""Row 18: memory of master and two workers beside the control's, and its growth over 20,000 requests.

python bench/memory.py PLAN.json [--passes 4000]
"""

import argparse
import json
from pathlib import Path
from typing import Any

from driver import Target, block, memory

MIX = ("1 catalogue", "2 course page, 50", "3 lesson", "4 progress beat")


def mixed(plan: dict[str, Any]) -> dict[str, Any]:
    """One pass of everything that a learner does in a course: five requests."""
    steps = [step for work in plan["workloads"] if work["name"].startswith(MIX) and work["who"] == "learner"
             for step in work["steps"]]  # fmt: skip
    return {"steps": steps}


def application(target: Target) -> float:
    """Proportional set size of the application's processes in MiB: what they take from the machine."""
    return float(memory({"app": target.cpu_groups["app"]})["app"]["pss_mib"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("plan", type=Path)
    parser.add_argument("--passes", type=int, default=4000)
    options = parser.parse_args()
    plan = json.loads(options.plan.read_text())
    ours, control = (Target(name, plan["targets"][name]) for name in ("ours", "control"))
    work = mixed(plan)
    block(control, plan["controls"]["course"], 8, count=1000)
    first = block(ours, work, 8, count=100)
    before = application(ours)
    done = block(ours, work, 8, count=options.passes, seconds=3600)
    after, bare = application(ours), application(control)
    requests = round(done["requests_per_pass"] * done["passes"])
    print(
        f"memory: {after:.0f} MiB, control {bare:.0f} MiB, ratio {after / bare:.2f}; "
        f"growth over {requests} requests {100 * (after / before - 1):.1f} % (from {before:.0f} MiB); "
        f"errors {first['n_errors'] + done['n_errors']} {done['errors'][:1]}"
    )


if __name__ == "__main__":
    main()
