from oryxforge.adapters.engine.engine import DuckEngine

__all__ = ["DuckEngine"]
