import subprocess
import sys


def test_the_module_that_the_product_loads_stays_light() -> None:
    code = "import sys, oryxforge.agents.claude.agent, oryxforge.agents.claude.public; print({'claude_agent_sdk', 'mcp', 'anthropic'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
