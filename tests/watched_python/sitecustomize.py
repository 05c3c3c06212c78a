"""Python imports a module of this name when it starts: each Python that a test starts is watched as well."""

import audit_hook  # noqa: F401
