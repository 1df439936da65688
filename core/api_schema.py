"""What the API's schema leaves out."""

from typing import Any

# The widest whole number of a column differs by database; it is not part of the API's contract.
COLUMN_LIMITS = {2147483647, 9223372036854775807, -2147483648, -9223372036854775808}


def without_column_limits(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The schema without bounds that come from the database's columns, so that it is the same on every database."""

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for bound in ("maximum", "minimum"):
                if node.get(bound) in COLUMN_LIMITS:
                    del node[bound]
                    node.pop("format", None)
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(result)
    return result
