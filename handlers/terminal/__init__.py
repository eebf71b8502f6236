"""Handle the terminal: commands that work on files and print, without a running bot."""
