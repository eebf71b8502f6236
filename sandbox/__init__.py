"""A pretend world for the demo and the tests: stand-ins for Slack, X and a model over real HTTP and WebSocket."""
