"""Define the rules of surges: spikes, a post that many answer, silence; flood mode; what networks charge."""
