"""What holds for every test."""

from hypothesis import settings

# A loaded machine is no reason to fail: slow examples are a matter for `make bench`.
settings.register_profile("switchboard", deadline=None)
settings.load_profile("switchboard")

# Registered here, and not imported into the folders' own conftest files: each import would create a fixture,
# and a server, of its own.
pytest_plugins = [
    "tests.bolt_listeners",
    "tests.browser",
    "tests.compiled_statements",
    "tests.databases",
    "tests.garbage",
    "tests.logs",
    "tests.order",
    "tests.reply_indexes",
    "tests.toml_files",
    "tests.wire",
]
