"""Commands for those who work on the portal: set-up, third-party files, translations. Not in the wheel."""
