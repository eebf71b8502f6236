"""Use cases of surges: counting posts, detecting spikes; flood mode; what networks charge."""
