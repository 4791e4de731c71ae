"""Claude from Python, with the project's data at hand."""

from collections.abc import Iterator

from oryxforge.agents.claude.public import ClaudeAgent as Conversation
from oryxforge.agents.claude.public import ClaudeResult
from oryxforge.bootstrap.claude import claude_settings
from oryxforge.domain.chats import Piece
from oryxforge.notebook.context import ProjectContext
from oryxforge.services.answers import Workplace


class ClaudeAgent:
    """One conversation with Claude about a project; later questions remember the earlier ones.

    Reached by ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL with ANTHROPIC_AUTH_TOKEN, or a login that was asked for.
    """

    def __init__(self, context: ProjectContext) -> None:
        connection = context.connection
        place = Workplace(context.actor, context.project_id, "claude")
        self._loop = connection.loop
        self._conversation = Conversation(
            claude_settings(connection.settings),
            connection.desk.tools.at(place),
            project_name=context.project.name,
            project_id=context.project_id,
        )

    def query(self, prompt: str) -> ClaudeResult:
        """The answer: `result`, `total_cost_usd`, `duration_ms`. Raises Failed with what to do where there is none."""
        return self._loop.run(self._conversation.query(prompt))

    def query_stream(self, prompt: str) -> Iterator[Piece]:
        """The answer's pieces as they come: those of kind text have the text as `content`."""
        return self._loop.iterate(self._conversation.query_stream(prompt))

    def close(self) -> None:
        self._loop.run(self._conversation.close())
