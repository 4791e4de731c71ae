"""OryxForge: a self-hostable data analyst."""

__version__ = "0.1.0"
