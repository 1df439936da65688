"""The practice engines that come with the product, in the order in which the gallery shows them."""

from quizzes.engines.citation import Citation
from quizzes.engines.conversation import Conversation
from quizzes.engines.copyright.engine import CopyrightDesk
from quizzes.engines.identifiers import Identifiers
from quizzes.engines.report.engine import ReadingReports
from quizzes.engines.triage.engine import LendingTriage
from quizzes.engines.workflow.engine import Workflow

ENGINES = (
    Citation(),
    CopyrightDesk(),
    Workflow(),
    LendingTriage(),
    Conversation(),
    Identifiers(),
    ReadingReports(),
)
