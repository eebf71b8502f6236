"""Use cases of surges: counting posts, detecting spikes, what people say of them."""
