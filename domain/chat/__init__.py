"""Rules of live chat: sessions, office hours, transcripts, ratings."""
