"""What the library refuses, and how it says so."""


class GraphError(ValueError):
    """The request makes no sense for a trust graph; nothing was changed."""


class SnapshotError(GraphError):
    """The snapshot file is damaged, of another version or not a snapshot."""
