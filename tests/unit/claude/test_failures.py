import pytest

from oryxforge.agents.claude.failures import End, broken, failure

API = {"subtype": "success", "reason": "api_error"}


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (End("error_max_turns"), "too_many_turns"),
        (End("error_max_budget_usd"), "budget_used_up"),
        (End("success", 401, "authentication_failed"), "model_key_refused"),
        (End("success", 403, "authentication_failed"), "model_key_refused"),
        (
            End("success", None, "authentication_failed", "Not logged in · Please run /login"),
            "model_key_refused",
        ),
        (End("success", 400, "billing_error"), "model_limited"),
        (End("success", 404, "model_not_found"), "model_not_found"),
        (End("success", 413, "invalid_request"), "model_too_large"),
        (End("success", 400, "invalid_request", "Prompt is too long"), "model_too_large"),
        (End("success", 429, "rate_limit"), "model_limited"),
        (End("success", 529, "server_error"), "model_overloaded"),
        (End("success", 503, "server_error"), "model_overloaded"),
        (End("success", 500, "server_error"), "model_failed"),
        (End("success", None, "server_error", "API Error: ECONNREFUSED", "api_error"), "model_unreachable"),
        (End("success", 400, "unknown", "API Error: 400 bad field"), "model_failed"),
        (End("error_during_execution"), "model_failed"),
    ],
)
def test_each_end_has_a_code_and_a_sentence(end: End, code: str) -> None:
    failed = failure(end)
    assert failed.code == code
    assert len(failed.detail) > 40
    assert "API Error" not in failed.detail and "/login" not in failed.detail


def test_what_it_cost_goes_with_it() -> None:
    assert failure(End("error_max_turns", cost_usd=0.25)).extra == {"cost_usd": 0.25}
    assert failure(End("error_max_turns")).extra == {}


def test_a_key_is_never_told() -> None:
    text = "API Error: 400 bad key my-own-key and sk-ant-abcdef123 in /home/me/keys.json at http://h/v1/x"
    detail = failure(End("success", 400, "unknown", text), ["my-own-key"]).detail
    assert detail == "The model service refused the request: bad key … and … in … at http://h/v1/x"


def test_a_program_that_broke_says_its_error_and_no_trace() -> None:
    stderr = [
        "Warning: odd",
        "error: unknown option '--x' in /opt/claude/bin",
        "    at main (/opt/claude/cli.js:3:9)",
    ]
    failed = broken(stderr)
    assert failed.code == "model_failed"
    assert "(error: unknown option '--x' in …)" in failed.detail
    assert "main" not in failed.detail
    assert "answer was done." in broken([]).detail
