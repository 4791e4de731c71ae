from oryxforge.adapters.files.store import FsspecFiles

__all__ = ["FsspecFiles"]
