"""Rules of surges: spikes, one post that many answer, silence; flood mode; what networks charge."""
