"""What Claude's program is started with: settings, environment, options."""

import importlib.util
import os
import shutil
from collections.abc import Mapping, MutableSequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from oryxforge.agents.claude.folders import TurnFolder
from oryxforge.agents.claude.settings import ClaudeSettings
from oryxforge.agents.tool_server import SERVER
from oryxforge.domain.errors import Failed

if TYPE_CHECKING:
    from claude_agent_sdk import ClaudeAgentOptions
    from claude_agent_sdk.types import McpSdkServerConfig, SessionStore

PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
)  # fmt: skip
SET_BY_THE_SDK = (
    "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_AGENT_SDK_VERSION", "CLAUDE_CODE_SDK_READS_SESSION_STATE", "PWD",
)  # fmt: skip
LOGIN = ("HOME", "CLAUDE_CONFIG_DIR", "CLAUDE_CODE_OAUTH_TOKEN", "USER", "LOGNAME")
LOOPBACK = "127.0.0.1,localhost,::1"
BUFFER_BYTES = 16 * 1024 * 1024


def program(settings: ClaudeSettings) -> Path:
    """Claude's program: as set, as it comes with the SDK, or from the PATH. Raises Failed where there is none."""
    if settings.program is not None:
        return settings.program
    spec = importlib.util.find_spec("claude_agent_sdk")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "_bundled" / "claude"
        if bundled.is_file():
            return bundled
    found = shutil.which("claude")
    if found is None:
        raise Failed(
            "Claude's program is not installed here. Install claude-agent-sdk again from a wheel for this machine.",
            code="model_failed",
        )
    return Path(found)


def environment(
    settings: ClaudeSettings, folder: TurnFolder, parent: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The child's whole environment, but for what the SDK adds (SET_BY_THE_SDK)."""
    parent = os.environ if parent is None else parent
    env = {name: parent[name] for name in PASSED_ON if name in parent}
    env |= {
        "NO_PROXY": ",".join(filter(None, (parent.get("NO_PROXY") or parent.get("no_proxy"), LOOPBACK))),
        "HOME": str(folder.home),
        "CLAUDE_CONFIG_DIR": str(folder.config),
        "XDG_CACHE_HOME": str(folder.home / "cache"),
        "XDG_CONFIG_HOME": str(folder.home / "settings"),
        "TMPDIR": str(folder.tmp),
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_TELEMETRY": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "DISABLE_AUTOUPDATER": "1",
        "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
        "CLAUDE_CODE_MCP_AUTO_BACKGROUND_MS": "0",
        "CLAUDE_CODE_DISABLE_AUTO_MEMORY": "1",
        "CLAUDE_CODE_MAX_RETRIES": str(settings.max_retries),
        "MCP_TOOL_TIMEOUT": str(int(settings.tool_timeout_s * 1000)),
        "MAX_MCP_OUTPUT_TOKENS": "60000",
        "ENABLE_TOOL_SEARCH": "false",
    }
    if settings.use_login:
        # A login is found, and renewed, in the person's own home.
        del env["CLAUDE_CONFIG_DIR"]
        env |= {name: parent[name] for name in LOGIN if name in parent}
    return env | _access(settings)


def transcripts(env: Mapping[str, str]) -> Path:
    """Where the program keeps its sessions with this environment."""
    config = env.get("CLAUDE_CONFIG_DIR")
    return (Path(config) if config else Path(env["HOME"]) / ".claude") / "projects"


def _access(settings: ClaudeSettings) -> dict[str, str]:
    env: dict[str, str] = {}
    if settings.base_url:
        # An endpoint that only speaks the Messages API refuses fields that are still in trial.
        env |= {"ANTHROPIC_BASE_URL": settings.base_url, "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS": "1"}
    if settings.api_key:
        env["ANTHROPIC_API_KEY"] = settings.api_key
    if settings.auth_token:
        env["ANTHROPIC_AUTH_TOKEN"] = settings.auth_token
    return env


def options(
    settings: ClaudeSettings,
    folder: TurnFolder,
    server: "McpSdkServerConfig",
    store: object | None,
    session: Mapping[str, str],
    stderr: MutableSequence[str],
) -> "ClaudeAgentOptions":
    """`session` is {"resume": id} or {"session_id": id}; what the program says on stderr is added to `stderr`."""
    import claude_agent_sdk as sdk

    env = environment(settings, folder)
    plan = folder.plan(program(settings), (*env, *SET_BY_THE_SDK))
    return sdk.ClaudeAgentOptions(
        tools=[],
        allowed_tools=[f"mcp__{SERVER}"],
        mcp_servers={SERVER: server},
        strict_mcp_config=True,
        setting_sources=[],
        skills=[],
        permission_mode="dontAsk",
        system_prompt={"type": "file", "path": str(folder.prompt)},
        verbatim_prompts=True,
        include_partial_messages=True,
        model=settings.model,
        max_turns=settings.max_turns,
        max_budget_usd=settings.max_budget_usd,
        max_buffer_size=BUFFER_BYTES,
        stderr=stderr.append,
        cli_path=folder.shim,
        cwd=folder.desk,
        env={**env, **plan},
        session_store=cast("SessionStore | None", store),  # append and load are all it has to have
        session_store_flush="eager",
        resume=session.get("resume"),
        session_id=session.get("session_id"),
    )
