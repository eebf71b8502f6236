"""Define the rules of live chat: sessions, office hours, transcripts, ratings."""
