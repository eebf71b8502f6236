"""What holds for every test."""

from hypothesis import settings

# A loaded machine is no reason to fail: slow examples are a matter for `make bench`.
settings.register_profile("switchboard", deadline=None)
settings.load_profile("switchboard")
