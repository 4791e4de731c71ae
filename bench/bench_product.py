"""The product in processes of its own, and small sums, for the other scripts here."""

import sys
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from survival.product import Product

__all__ = ["Product", "percentile", "project_of"]


def percentile(values: list[float], p: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(p / 100 * (len(ordered) - 1)))]


async def project_of(client: httpx.AsyncClient) -> str:
    answer = await client.get("/projects")
    answer.raise_for_status()
    found = answer.json()
    return (found["projects"] if isinstance(found, dict) else found)[0]["id"]
