"""The stub itself, from another thread than its own."""

import httpx

from stubs.messages_api import Fault, in_thread, say, use


def test_it_streams_by_script_and_keeps_what_it_was_asked() -> None:
    with in_thread() as stub:
        stub.script(say("a", "b"), Fault(529, "overloaded_error"), then=use("run_sql", {"sql": "x"}))
        asked = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "hi"}]}
        answers = [httpx.post(f"{stub.url}/v1/messages", json=asked, trust_env=False) for _ in range(3)]
        other = httpx.get(f"{stub.url}/elsewhere", trust_env=False)
    assert [a.status_code for a in answers] == [200, 529, 200]
    assert answers[0].text.count("text_delta") == 2 and "message_stop" in answers[0].text
    assert answers[1].json()["error"]["type"] == "overloaded_error"
    assert '"stop_reason": "tool_use"' in answers[2].text
    assert stub.texts(0) == [("user", "hi")] and len(stub.requests) == 3
    assert other.status_code == 404 and stub.strangers == ["GET /elsewhere"]
