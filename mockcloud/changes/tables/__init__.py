"""What each key of a provider's data files means to clients when it comes, goes or changes: a table a file."""

from __future__ import annotations

from mockcloud.changes.tables.callback import CALLBACKS
from mockcloud.changes.tables.contradiction import CONTRADICTIONS, DOCUMENTS
from mockcloud.changes.tables.error import ERRORS
from mockcloud.changes.tables.kind import LIFECYCLE
from mockcloud.changes.tables.operation import OPERATIONS
from mockcloud.changes.tables.provider import PROVIDER

__all__ = ["FILES"]

FILES = {
    "provider": (PROVIDER, "provider"),
    "operations": (OPERATIONS, "operation"),
    "errors": (ERRORS, "errors"),
    "lifecycle": (LIFECYCLE, "lifecycle"),
    "callbacks": (CALLBACKS, "callbacks"),
    "documents": (DOCUMENTS, "documents"),
    "contradictions": (CONTRADICTIONS, "documents"),
}
"""Every data file of a contract: its table, and the side that its changes belong to where the table names none."""
