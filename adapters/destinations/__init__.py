"""Publish notices of outages: a folder for each destination, a registry, and networks by their protocol."""
