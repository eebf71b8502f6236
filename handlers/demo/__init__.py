"""Write the past of the demo's workspace (`sandbox.history`) through the use cases.

What a customer wrote is ingested, and what an agent did is done, at the time of the event, so that every
table holds what it would hold. Nothing reaches anybody: what the acts queue for Slack and for the networks is
settled as sent in the same transaction.
"""
