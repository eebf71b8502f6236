"""Use cases of intake: posts, direct messages and mails become messages of cases."""
