"""Rules of surges: unusual numbers of posts (spikes), one post that many answer, silence."""
